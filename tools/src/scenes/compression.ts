/** Quantisation tables of ITU-T T.81 annex K, rows of luma and chroma. */
const lumaTable = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];
const chromaTable = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99,
];

/** The table scaled to a quality of 1..100 as libjpeg does. */
function steps(table: readonly number[], quality: number): Float32Array {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Float32Array.from(table, (v) => Math.max(1, Math.min(255, Math.floor((v * scale + 50) / 100))));
}

/** cos((2x + 1) u pi / 16), orthonormal rows: the 8-point DCT-II. */
const basis = Float32Array.from({ length: 64 }, (_, i) => {
  const u = i >> 3;
  return Math.cos((((i & 7) * 2 + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1) * 0.5;
});
const [c1, c2, c3, c4, c5, c6, c7] = [1, 2, 3, 4, 5, 6, 7].map((u) => basis[u * 8]);

/** 8-point DCT-II in place on `v` at `at`, `at + step`, ...: even and odd halves. */
function forward(v: Float32Array, at: number, step: number): void {
  const x0 = v[at];
  const x1 = v[at + step];
  const x2 = v[at + 2 * step];
  const x3 = v[at + 3 * step];
  const x4 = v[at + 4 * step];
  const x5 = v[at + 5 * step];
  const x6 = v[at + 6 * step];
  const x7 = v[at + 7 * step];
  const a0 = x0 + x7;
  const a1 = x1 + x6;
  const a2 = x2 + x5;
  const a3 = x3 + x4;
  const b0 = x0 - x7;
  const b1 = x1 - x6;
  const b2 = x2 - x5;
  const b3 = x3 - x4;
  v[at] = (a0 + a1 + a2 + a3) * c4;
  v[at + 4 * step] = (a0 - a1 - a2 + a3) * c4;
  v[at + 2 * step] = (a0 - a3) * c2 + (a1 - a2) * c6;
  v[at + 6 * step] = (a0 - a3) * c6 - (a1 - a2) * c2;
  v[at + step] = b0 * c1 + b1 * c3 + b2 * c5 + b3 * c7;
  v[at + 3 * step] = b0 * c3 - b1 * c7 - b2 * c1 - b3 * c5;
  v[at + 5 * step] = b0 * c5 - b1 * c1 + b2 * c7 + b3 * c3;
  v[at + 7 * step] = b0 * c7 - b1 * c5 + b2 * c3 - b3 * c1;
}

/** The inverse of `forward`. */
function backward(v: Float32Array, at: number, step: number): void {
  const y0 = v[at];
  const y1 = v[at + step];
  const y2 = v[at + 2 * step];
  const y3 = v[at + 3 * step];
  const y4 = v[at + 4 * step];
  const y5 = v[at + 5 * step];
  const y6 = v[at + 6 * step];
  const y7 = v[at + 7 * step];
  const e0 = (y0 + y4) * c4;
  const e1 = (y0 - y4) * c4;
  const e2 = y2 * c2 + y6 * c6;
  const e3 = y2 * c6 - y6 * c2;
  const a0 = e0 + e2;
  const a3 = e0 - e2;
  const a1 = e1 + e3;
  const a2 = e1 - e3;
  const b0 = y1 * c1 + y3 * c3 + y5 * c5 + y7 * c7;
  const b1 = y1 * c3 - y3 * c7 - y5 * c1 - y7 * c5;
  const b2 = y1 * c5 - y3 * c1 + y5 * c7 + y7 * c3;
  const b3 = y1 * c7 - y3 * c5 + y5 * c3 - y7 * c1;
  v[at] = a0 + b0;
  v[at + step] = a1 + b1;
  v[at + 2 * step] = a2 + b2;
  v[at + 3 * step] = a3 + b3;
  v[at + 4 * step] = a3 - b3;
  v[at + 5 * step] = a2 - b2;
  v[at + 6 * step] = a1 - b1;
  v[at + 7 * step] = a0 - b0;
}

/** Quantises a plane of values around 0 in 8x8 blocks of its DCT, in place; sides that are no multiples of 8 repeat their edge. */
export function quantisePlane(plane: Float32Array, width: number, height: number, step: Float32Array): void {
  const block = new Float32Array(64);
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      for (let j = 0; j < 8; j++) {
        const row = Math.min(height - 1, top + j) * width;
        for (let i = 0; i < 8; i++) block[j * 8 + i] = plane[row + Math.min(width - 1, left + i)];
      }
      for (let j = 0; j < 64; j += 8) forward(block, j, 1);
      for (let i = 0; i < 8; i++) forward(block, i, 8);
      for (let i = 0; i < 64; i++) block[i] = Math.round(block[i] / step[i]) * step[i];
      for (let i = 0; i < 8; i++) backward(block, i, 8);
      for (let j = 0; j < 64; j += 8) backward(block, j, 1);
      const bottom = Math.min(8, height - top);
      const right = Math.min(8, width - left);
      for (let j = 0; j < bottom; j++) {
        for (let i = 0; i < right; i++) plane[(top + j) * width + left + i] = block[j * 8 + i];
      }
    }
  }
}

/** The quantisation steps of a quality: luma and chroma. */
export function quantisation(quality: number): { readonly luma: Float32Array; readonly chroma: Float32Array } {
  return { luma: steps(lumaTable, quality), chroma: steps(chromaTable, quality) };
}
