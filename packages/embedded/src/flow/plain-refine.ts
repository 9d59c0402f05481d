import { type PlainLevel, plainSample } from './plain-pyramid.js';
import type { FlowField } from './types.js';

const [ALPHA, DELTA, GAMMA, OMEGA, EPS2] = [20, 5, 10, 1.6, 1e-6];

/**
 * Variational refinement of one level in place: robust brightness and gradient constancy and robust smoothness (Brox et
 * al., ECCV 2004), `outer` rounds of weights with `sweeps` red-black over-relaxation sweeps each.
 * The plain twin of assembly/flow/refine.ts.
 */
export function plainRefine(a: PlainLevel, b: PlainLevel, flow: FlowField, outer: number, sweeps: number): void {
  const start = { u: flow.u.slice(), v: flow.v.slice() };
  const d = derivatives(a, b, start);
  for (let round = 0; round < outer; round++) {
    const link = smoothness(flow, a.width, a.height);
    const system = assemble(d, start, flow);
    for (let sweep = 0; sweep < sweeps; sweep++) relax(system, link, start, flow, a.width, a.height);
  }
}

type Planes<Name extends string> = Record<Name, Float32Array>;
type Derivatives = Planes<'ix' | 'iy' | 'it' | 'tx' | 'ty' | 'xx' | 'xy' | 'yy'>;
type System = Planes<'j11' | 'j12' | 'j22' | 'b1' | 'b2'>;

function planes<Name extends string>(n: number, ...names: Name[]): Planes<Name> {
  return Object.fromEntries(names.map((name) => [name, new Float32Array(n)])) as Planes<Name>;
}

function derivatives(a: PlainLevel, b: PlainLevel, { u, v }: FlowField): Derivatives {
  const { width: w, height: h } = a;
  const warped = planes(w * h, 'grey', 'gx', 'gy');
  for (let k = 0; k < w * h; k++) {
    const x = (k % w) + u[k]!;
    const y = Math.floor(k / w) + v[k]!;
    for (const name of ['grey', 'gx', 'gy'] as const) warped[name][k] = plainSample(b[name], w, h, x, y);
  }
  const d = planes(w * h, 'ix', 'iy', 'it', 'tx', 'ty', 'xx', 'xy', 'yy');
  for (let k = 0; k < w * h; k++) {
    const x = k % w;
    const [left, right] = [x > 0 ? k - 1 : k, x < w - 1 ? k + 1 : k];
    const [up, down] = [k >= w ? k - w : k, k + w < w * h ? k + w : k];
    d.ix[k] = 0.5 * (warped.gx[k]! + a.gx[k]!);
    d.iy[k] = 0.5 * (warped.gy[k]! + a.gy[k]!);
    d.it[k] = warped.grey[k]! - a.grey[k]!;
    d.tx[k] = warped.gx[k]! - a.gx[k]!;
    d.ty[k] = warped.gy[k]! - a.gy[k]!;
    d.xx[k] = 0.5 * (warped.gx[right]! - warped.gx[left]!);
    d.xy[k] = 0.5 * (warped.gx[down]! - warped.gx[up]!);
    d.yy[k] = 0.5 * (warped.gy[down]! - warped.gy[up]!);
  }
  return d;
}

/** Weight of the links from every pixel to its right and lower neighbour. */
function smoothness({ u, v }: FlowField, w: number, h: number): Float32Array {
  const out = new Float32Array(w * h);
  for (let k = 0; k < w * h; k++) {
    const right = k % w < w - 1 ? k + 1 : k;
    const down = k + w < w * h ? k + w : k;
    const squares = (p: Float32Array) => (p[right]! - p[k]!) ** 2 + (p[down]! - p[k]!) ** 2;
    out[k] = (ALPHA * 0.5) / Math.sqrt(squares(u) + squares(v) + EPS2);
  }
  return out;
}

function assemble(d: Derivatives, start: FlowField, flow: FlowField): System {
  const n = d.ix.length;
  const s = planes(n, 'j11', 'j12', 'j22', 'b1', 'b2');
  for (let k = 0; k < n; k++) {
    const [ix, iy, it, tx, ty] = [d.ix[k]!, d.iy[k]!, d.it[k]!, d.tx[k]!, d.ty[k]!];
    const [xx, xy, yy] = [d.xx[k]!, d.xy[k]!, d.yy[k]!];
    const [du, dv] = [flow.u[k]! - start.u[k]!, flow.v[k]! - start.v[k]!];
    const n0 = 1 / (ix * ix + iy * iy + 0.01);
    const [n1, n2] = [1 / (xx * xx + xy * xy + 0.01), 1 / (yy * yy + xy * xy + 0.01)];
    const r = it + ix * du + iy * dv;
    const data = ((DELTA * 0.5) / Math.sqrt(r * r * n0 + EPS2)) * n0;
    const [rx, ry] = [tx + xx * du + xy * dv, ty + xy * du + yy * dv];
    const gradient = (GAMMA * 0.5) / Math.sqrt(rx * rx * n1 + ry * ry * n2 + EPS2);
    const [g1, g2] = [gradient * n1, gradient * n2];
    s.j11[k] = data * ix * ix + g1 * xx * xx + g2 * xy * xy + 1e-4;
    s.j12[k] = data * ix * iy + g1 * xx * xy + g2 * xy * yy;
    s.j22[k] = data * iy * iy + g1 * xy * xy + g2 * yy * yy + 1e-4;
    s.b1[k] = -(data * ix * it + g1 * xx * tx + g2 * xy * ty);
    s.b2[k] = -(data * iy * it + g1 * xy * tx + g2 * yy * ty);
  }
  return s;
}

/** One sweep: first the pixels with even x + y, then the others. */
function relax(s: System, link: Float32Array, start: FlowField, flow: FlowField, w: number, h: number): void {
  for (const colour of [0, 1]) {
    for (let k = 0; k < w * h; k++) {
      const [x, y] = [k % w, Math.floor(k / w)];
      if (((x + y) & 1) !== colour) continue;
      let [weights, su, sv] = [0, 0, 0];
      const pull = (weight: number, m: number) => {
        weights += weight;
        su += weight * (flow.u[m]! - start.u[k]!);
        sv += weight * (flow.v[m]! - start.v[k]!);
      };
      if (x > 0) pull(link[k - 1]!, k - 1);
      if (x < w - 1) pull(link[k]!, k + 1);
      if (y > 0) pull(link[k - w]!, k - w);
      if (y < h - 1) pull(link[k]!, k + w);
      const [u0, v0] = [start.u[k]!, start.v[k]!];
      let [du, dv] = [flow.u[k]! - u0, flow.v[k]! - v0];
      du += OMEGA * ((s.b1[k]! - s.j12[k]! * dv + su) / (s.j11[k]! + weights) - du);
      dv += OMEGA * ((s.b2[k]! - s.j12[k]! * du + sv) / (s.j22[k]! + weights) - dv);
      flow.u[k] = u0 + du;
      flow.v[k] = v0 + dv;
    }
  }
}
