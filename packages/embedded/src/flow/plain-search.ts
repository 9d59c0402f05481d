import type { PlainLevel } from './plain-pyramid.js';
import type { FlowField } from './types.js';

const PATCH = 8;
const STRIDE = 4;
const BORDER = 16;

/** Where the patches of a side of n pixels begin; the last one is flush with the border. */
function origins(n: number): number[] {
  const out: number[] = [];
  for (let at = 0; at < n - PATCH; at += STRIDE) out.push(at);
  return [...out, n - PATCH];
}

/**
 * Dense inverse search on one level (Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016) from a
 * start flow; flow is passed on between neighbouring patches and a brightness offset costs nothing.
 * The plain twin of assembly/flow/search.ts.
 */
export function plainSearch(a: PlainLevel, b: PlainLevel, start: FlowField, iterations: number): FlowField {
  const xs = origins(a.width);
  const ys = origins(a.height);
  const patches = ys.flatMap((y) => xs.map((x) => new Patch(a, b, x, y, start)));
  const visit = (order: Patch[], step: number, most: number) => {
    for (const patch of order) {
      const at = patches.indexOf(patch);
      const column = (at % xs.length) - step;
      const beside = column >= 0 && column < xs.length ? patches[at - step] : undefined;
      patch.improve([beside, patches[at - step * xs.length]], most);
    }
  };
  visit(patches, 1, iterations);
  visit([...patches].reverse(), -1, iterations >> 1);
  return densify(patches, a.width, a.height);
}

class Patch {
  u: number;
  v: number;
  readonly residuals = new Float64Array(PATCH * PATCH);
  readonly #gx = new Float64Array(PATCH * PATCH);
  readonly #gy = new Float64Array(PATCH * PATCH);
  readonly #inverse: readonly [xx: number, xy: number, yy: number];
  readonly #a: PlainLevel;
  readonly #b: PlainLevel;
  readonly x: number;
  readonly y: number;

  constructor(a: PlainLevel, b: PlainLevel, x: number, y: number, start: FlowField) {
    this.#a = a;
    this.#b = b;
    this.x = x;
    this.y = y;
    const centre = (y + PATCH / 2) * a.width + x + PATCH / 2;
    this.u = start.u[centre]!;
    this.v = start.v[centre]!;
    const [sum, product] = [(p: Float64Array) => p.reduce((s, e) => s + e, 0), dot];
    for (let k = 0; k < PATCH * PATCH; k++) {
      const at = (y + (k >> 3)) * a.width + x + (k & 7);
      this.#gx[k] = a.gx[at]!;
      this.#gy[k] = a.gy[at]!;
    }
    const [sx, sy] = [sum(this.#gx), sum(this.#gy)];
    const xx = product(this.#gx, this.#gx) - (sx * sx) / 64 + 1;
    const xy = product(this.#gx, this.#gy) - (sx * sy) / 64;
    const yy = product(this.#gy, this.#gy) - (sy * sy) / 64 + 1;
    const det = xx * yy - xy * xy;
    this.#inverse = [yy / det, -xy / det, xx / det];
  }

  /** Mean-free sum of squared differences at (u, v); leaves the mean-free differences in `residuals`. */
  cost(u: number, v: number): number {
    const { width, height, grey } = this.#b;
    const x = Math.min(Math.max(this.x + u, -BORDER), width + BORDER - PATCH - 2);
    const y = Math.min(Math.max(this.y + v, -BORDER), height + BORDER - PATCH - 2);
    const at = (px: number, py: number) =>
      grey[Math.min(Math.max(py, 0), height - 1) * width + Math.min(Math.max(px, 0), width - 1)]!;
    const [xi, yi] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - xi, y - yi];
    for (let k = 0; k < PATCH * PATCH; k++) {
      const [px, py] = [xi + (k & 7), yi + (k >> 3)];
      const above = at(px, py) + fx * (at(px + 1, py) - at(px, py));
      const below = at(px, py + 1) + fx * (at(px + 1, py + 1) - at(px, py + 1));
      this.residuals[k] =
        above + fy * (below - above) - this.#a.grey[(this.y + (k >> 3)) * this.#a.width + this.x + (k & 7)]!;
    }
    const mean = this.residuals.reduce((s, e) => s + e, 0) / 64;
    for (let k = 0; k < 64; k++) this.residuals[k]! -= mean;
    return dot(this.residuals, this.residuals);
  }

  /** Takes the cheapest of its own flow and its neighbours', then descends by at most `most` steps. */
  improve(neighbours: readonly (Patch | undefined)[], most: number): void {
    let best = this.cost(this.u, this.v);
    const keepIfBetter = (cost: number, u: number, v: number) => {
      if (cost < best) [best, this.u, this.v] = [cost, u, v];
    };
    for (const neighbour of neighbours) {
      if (neighbour) keepIfBetter(this.cost(neighbour.u, neighbour.v), neighbour.u, neighbour.v);
    }
    let [u, v, before] = [this.u, this.v, Number.POSITIVE_INFINITY];
    for (let step = 0; step < most; step++) {
      const cost = this.cost(u, v);
      keepIfBetter(cost, u, v);
      if (cost >= before * 0.999) return;
      before = cost;
      const [ax, ay] = [dot(this.#gx, this.residuals), dot(this.#gy, this.residuals)];
      const [xx, xy, yy] = this.#inverse;
      const [du, dv] = [xx * ax + xy * ay, xy * ax + yy * ay];
      u -= du;
      v -= dv;
      if (du * du + dv * dv < 1e-3 || Math.abs(u - this.u) + Math.abs(v - this.v) > 12) break;
    }
    keepIfBetter(this.cost(u, v), u, v);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** Every patch votes for its flow in its 64 pixels, with weight 1 / max(1, |mean-free residual|). */
function densify(patches: readonly Patch[], width: number, height: number): FlowField {
  const u = new Float32Array(width * height);
  const v = new Float32Array(width * height);
  const weights = new Float32Array(width * height);
  for (const patch of patches) {
    patch.cost(patch.u, patch.v);
    for (let k = 0; k < 64; k++) {
      const at = (patch.y + (k >> 3)) * width + patch.x + (k & 7);
      const weight = 1 / Math.max(1, Math.abs(patch.residuals[k]!));
      u[at]! += weight * patch.u;
      v[at]! += weight * patch.v;
      weights[at]! += weight;
    }
  }
  for (let k = 0; k < u.length; k++) {
    u[k]! /= weights[k]!;
    v[k]! /= weights[k]!;
  }
  return { u, v };
}
