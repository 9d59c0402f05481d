import { PER_POINT } from '../../values/index.js';
import { coordinateAt } from '../curves/bezier.js';

/**
 * Which point of a shape with more points (or as many) each point of another one is, going round in the same order: positions that ascend, the
 * first 0 .. more - 1, the last less than once round from it.
 */
export type PointMatch = readonly number[];

/** Points further from where they are expected than this share of the shape's size, on the whole, make it another shape. */
const ALIKE = 0.25;
/** Points that are put on a curve keep this far from its ends, in its parameter. */
const CLEAR = 0.1;
/** Places of a segment at which it is looked for the one nearest to a point. */
const LOOKS = 24;

/**
 * Finds the points of outlines again in outlines of at least as many points, pair by pair on the same frame: in order and with the least
 * distance over all pairs (dynamic programming, once for each place the first point may have).
 * @returns undefined where there are too few points, or they lie too far away to be the same shape.
 */
export function matchPoints(few: readonly Float64Array[], many: readonly Float64Array[]): PointMatch | undefined {
  const [n, m] = [few[0].length / PER_POINT, many[0].length / PER_POINT];
  if (n > m) return undefined;
  const far = new Float64Array(n * m);
  for (const [k, outline] of few.entries())
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++) {
        const [a, b] = [i * PER_POINT, j * PER_POINT];
        far[i * m + j] += Math.hypot(outline[a] - many[k][b], outline[a + 1] - many[k][b + 1]);
      }
  let best: { readonly cost: number; readonly match: PointMatch } | undefined;
  for (let first = 0; first < m; first++) {
    const found = matchFrom(far, n, m, first);
    if (!best || found.cost < best.cost) best = found;
  }
  const size = few.reduce((sum, outline) => sum + sizeOf(outline), 0);
  return best && best.cost <= ALIKE * size * n ? best.match : undefined;
}

/** The cheapest match in which point 0 is point `first`. */
function matchFrom(far: Float64Array, n: number, m: number, first: number) {
  // costs[i * m + j]: points 0 .. i matched, the last with point first + j.
  const costs = new Float64Array(n * m).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(n * m);
  costs[0] = far[first];
  for (let i = 1; i < n; i++) {
    let [least, at] = [Number.POSITIVE_INFINITY, 0];
    for (let j = i; j <= m - n + i; j++) {
      if (costs[(i - 1) * m + j - 1] < least) [least, at] = [costs[(i - 1) * m + j - 1], j - 1];
      costs[i * m + j] = least + far[i * m + ((first + j) % m)];
      from[i * m + j] = at;
    }
  }
  let last = n - 1;
  for (let j = n; j < m; j++) if (costs[(n - 1) * m + j] < costs[(n - 1) * m + last]) last = j;
  const match = new Array<number>(n);
  for (let i = n - 1, j = last; i >= 0; j = from[i * m + j], i--) match[i] = first + j;
  return { cost: costs[(n - 1) * m + last], match };
}

/** Half the extent of an outline's points. */
function sizeOf(outline: Float64Array): number {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let p = 0; p < outline.length; p += PER_POINT) {
    x0 = Math.min(x0, outline[p]);
    x1 = Math.max(x1, outline[p]);
    y0 = Math.min(y0, outline[p + 1]);
    y1 = Math.max(y1, outline[p + 1]);
  }
  return Math.hypot(x1 - x0, y1 - y0) / 2;
}

/** An outline and the feather of its points. */
export interface Feathered {
  readonly outline: Float64Array;
  readonly feather: Float64Array;
}

/**
 * The same curve with the points of `like`: those of the match are the outline's own, the others are put on its segments nearest to where
 * `like` has them (de Casteljau), so that the curve stays what it is.
 */
export function withPointsOf({ outline, feather }: Feathered, like: Float64Array, match: PointMatch): Feathered {
  const n = match.length;
  const m = like.length / PER_POINT;
  const out = new Float64Array(like.length);
  const soft = new Float64Array(m);
  const put = (j: number, at: number, ...xy: readonly number[]) => out.set(xy, (j % m) * PER_POINT + at);
  for (let i = 0; i < n; i++) {
    const next = i + 1 < n ? i + 1 : 0;
    const end = next ? match[next] : match[0] + m;
    let rest = segmentOf(outline, i);
    put(match[i], 0, rest[0], rest[1]);
    soft[match[i] % m] = feather[i];
    let done = 0;
    for (let j = match[i] + 1; j < end; j++) {
      const p = (j % m) * PER_POINT;
      const t = nearestOn(outline, i, like[p], like[p + 1], done, end - j);
      const [left, right] = halves(rest, (t - done) / (1 - done));
      put(j - 1, 4, left[2], left[3]);
      put(j, 0, left[6], left[7], left[4], left[5]);
      soft[j % m] = feather[i] + (feather[next] - feather[i]) * t;
      rest = right;
      done = t;
    }
    put(end - 1, 4, rest[2], rest[3]);
    put(end, 2, rest[4], rest[5]);
  }
  return { outline: out, feather: soft };
}

/** The control points of a segment, x and y one after the other. */
function segmentOf(outline: Float64Array, i: number): readonly number[] {
  const a = i * PER_POINT;
  const b = a + PER_POINT < outline.length ? a + PER_POINT : 0;
  const at = (k: number) => [outline[k], outline[k + 1]];
  return [...at(a), ...at(a + 4), ...at(b + 2), ...at(b)];
}

/** A cubic cut in two at `t`. */
function halves(c: readonly number[], t: number): readonly [readonly number[], readonly number[]] {
  const mix = (p: readonly number[], q: readonly number[]) => p.map((v, k) => v + (q[k] - v) * t);
  const [p0, p1, p2, p3] = [c.slice(0, 2), c.slice(2, 4), c.slice(4, 6), c.slice(6, 8)];
  const [a, b, d] = [mix(p0, p1), mix(p1, p2), mix(p2, p3)];
  const [e, f] = [mix(a, b), mix(b, d)];
  const middle = mix(e, f);
  return [
    [...p0, ...a, ...e, ...middle],
    [...middle, ...f, ...d, ...p3],
  ];
}

/** The parameter of a segment nearest to a point, after `done`, with room for `more` points from this one to the end. */
function nearestOn(outline: Float64Array, i: number, x: number, y: number, done: number, more: number): number {
  const gap = Math.min(CLEAR, (1 - done) / (more + 1));
  const [lo, hi] = [done + gap, 1 - more * gap];
  let [best, at] = [Number.POSITIVE_INFINITY, lo];
  for (let k = 0; k <= LOOKS; k++) {
    const t = lo + ((hi - lo) * k) / LOOKS;
    const d = Math.hypot(coordinateAt(outline, i, t, 0) - x, coordinateAt(outline, i, t, 1) - y);
    if (d < best) [best, at] = [d, t];
  }
  return at;
}
