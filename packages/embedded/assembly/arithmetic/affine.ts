// Robust affine motion, the rounds of primitives/affine.ts in the same order of operations: the same numbers.

const matrix: usize = memory.data(72, 16); // 3x3 doubles
const sums: usize = memory.data(48, 16); // right sides, interleaved: u0 v0 u1 v1 u2 v2
const work: usize = memory.data(72, 16);

// @ts-ignore: decorator
@inline function m(i: usize): f64 { return load<f64>(work + (i << 3)); }

// Solves for both right sides at once by elimination without pivoting; 1e-6 on the pivots.
function solve(motion: usize): void {
  memory.copy(work, matrix, 72);
  for (let i: usize = 0; i < 3; i++) {
    for (let j: usize = i + 1; j < 3; j++) {
      const f = m(j * 3 + i) / (m(i * 3 + i) + 1e-6);
      for (let k = i; k < 3; k++) store<f64>(work + ((j * 3 + k) << 3), m(j * 3 + k) - f * m(i * 3 + k));
      v128.store(sums + (j << 4), f64x2.sub(v128.load(sums + (j << 4)), f64x2.mul(f64x2.splat(f), v128.load(sums + (i << 4)))));
    }
  }
  const z = f64x2.div(v128.load(sums, 32), f64x2.splat(m(8) + 1e-6));
  const y = f64x2.div(f64x2.sub(v128.load(sums, 16), f64x2.mul(f64x2.splat(m(5)), z)), f64x2.splat(m(4) + 1e-6));
  const right = f64x2.sub(f64x2.sub(v128.load(sums), f64x2.mul(f64x2.splat(m(1)), y)), f64x2.mul(f64x2.splat(m(2)), z));
  v128.store(motion, f64x2.div(right, f64x2.splat(m(0) + 1e-6)));
  v128.store(motion, y, 16);
  v128.store(motion, z, 32);
}

/**
 * Rounds of weighted least squares. points: `count` rows of u, v, X, Y, weight and one unused (doubles); scales: one
 * double per round, 0 for plain weights; motion: u0 v0 u1 v1 u2 v2, the result.
 */
export function affineRounds(points: usize, count: i32, scales: usize, rounds: i32, motion: usize): void {
  memory.fill(motion, 0, 48);
  for (let round = 0; round < rounds; round++, scales += 8) {
    const scale = load<f64>(scales), s2 = scale * scale;
    const a0 = v128.load(motion), a1 = v128.load(motion, 16), a2 = v128.load(motion, 32);
    let m0: f64 = 0, m1: f64 = 0, m2: f64 = 0, m4: f64 = 0, m5: f64 = 0, m8: f64 = 0;
    let b0 = f64x2.splat(0), b1 = b0, b2 = b0;
    for (let i = 0, p = points; i < count; i++, p += 48) {
      const value = v128.load(p), x = load<f64>(p, 16), y = load<f64>(p, 24), weight = load<f64>(p, 32);
      const model = f64x2.add(f64x2.add(a0, f64x2.mul(a1, f64x2.splat(x))), f64x2.mul(a2, f64x2.splat(y)));
      const r = f64x2.sub(value, model), rr = f64x2.mul(r, r);
      const q = scale == 0 ? weight : weight / (1 + (f64x2.extract_lane(rr, 0) + f64x2.extract_lane(rr, 1)) / s2);
      const qx = q * x, qy = q * y;
      m0 += q; m1 += qx; m2 += qy; m4 += qx * x; m5 += qx * y; m8 += qy * y;
      const weighted = f64x2.mul(f64x2.splat(q), value);
      b0 = f64x2.add(b0, weighted);
      b1 = f64x2.add(b1, f64x2.mul(f64x2.splat(x), weighted));
      b2 = f64x2.add(b2, f64x2.mul(f64x2.splat(y), weighted));
    }
    store<f64>(matrix, m0); store<f64>(matrix, m1, 8); store<f64>(matrix, m2, 16);
    store<f64>(matrix, m1, 24); store<f64>(matrix, m4, 32); store<f64>(matrix, m5, 40);
    store<f64>(matrix, m2, 48); store<f64>(matrix, m5, 56); store<f64>(matrix, m8, 64);
    v128.store(sums, b0); v128.store(sums, b1, 16); v128.store(sums, b2, 32);
    solve(motion);
  }
}
