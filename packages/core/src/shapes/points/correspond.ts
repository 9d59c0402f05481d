import { type Loop, wrap } from '../contours/loop.js';

/** Where a point is expected to be on the next frame: how far it moves, in pixels. An engine's optical flow fits here. */
export type MotionAt = (x: number, y: number) => { readonly dx: number; readonly dy: number };

/**
 * Which sample of the next loop each sample of a loop became: positions that never run backwards, and run once round
 * while the loop runs once round (`to[count]` would be `to[0] + other.count`). Not brought back to 0 .. count - 1.
 */
export interface Correspondence {
  readonly to: Float64Array;
  /** Mean distance between expected and found places, in pixels: large where the two have little to do with each other. */
  readonly misfit: number;
}

/** Nodes of the coarse problem, at most; finer than this the answer comes from interpolation. */
const NODES = 320;
/** Pixels of displacement that count as much as turning by about a right angle. */
const DISTANCE = 8;
const TANGENT = 1.5;
const CURVATURE = 0.5;
/** Extra price of a step in which only one of the loops moves on. */
const STRETCH = 0.25;
/** Nodes to each side over which displacements are averaged into an expectation. */
const COHERENT = 6;

/** A loop at the coarse nodes: place, tangent, turn. */
interface Nodes {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly tx: Float64Array;
  readonly ty: Float64Array;
  readonly turn: Float64Array;
}

/**
 * Matches two loops round and round by dynamic programming (cyclic dynamic time warping): near where the motion expects
 * them, with like tangents and turns. Two passes: the first expects what `motion` says (or that everything moves with
 * the middle), the second what the first found, averaged along the loop, and it starts where
 * the first was surest.
 */
export function correspond(a: Loop, b: Loop, motion?: MotionAt): Correspondence {
  const [p, q] = [nodesOf(a, b), nodesOf(b, a)];
  let expected = expectation(p, q, motion);
  let start = startingPair(p, q, expected);
  let match = matchFrom(p, q, expected, start);
  expected = coherent(p, q, match);
  start = calmestPair(p, q, expected, match);
  match = matchFrom(p, q, expected, start);
  let misfit = 0;
  for (let i = 0; i < p.count; i++) {
    const [x, y] = placeOn(q, match[i]);
    misfit += Math.hypot(x - expected.x[i], y - expected.y[i]);
  }
  return { to: refine(match, p.count, q.count, a.count, b.count), misfit: misfit / p.count };
}

/** The way back: for each sample of the second loop, the sample of the first. */
export function inverse(to: Float64Array, count: number): Float64Array {
  const n = to.length;
  const back = new Float64Array(count);
  // Unrolled twice round, so that every sample of the second loop lies between two matches.
  const first = Math.floor(to[0] / count) * count;
  for (let k = 0, i = -n; k < count; k++) {
    const at = first + k;
    while (at >= unrolled(to, i + 1, count)) i++;
    while (at < unrolled(to, i, count)) i--;
    const [lo, hi] = [unrolled(to, i, count), unrolled(to, i + 1, count)];
    back[k] = i + (hi > lo ? (at - lo) / (hi - lo) : 0);
  }
  return back;
}

/** `to` continued beyond its ends: once round the first loop is once round the second. */
export function unrolled(to: Float64Array, i: number, count: number): number {
  const n = to.length;
  const turns = Math.floor(i / n);
  return to[i - turns * n] + turns * count;
}

function nodesOf(loop: Loop, other: Loop): Nodes {
  const longest = Math.max(loop.count, other.count);
  const count = Math.max(16, Math.round((loop.count * Math.min(NODES, longest)) / longest));
  const [x, y] = [new Float64Array(count), new Float64Array(count)];
  for (let k = 0; k < count; k++) {
    const i = Math.round((k * loop.count) / count) % loop.count;
    x[k] = loop.x[i];
    y[k] = loop.y[i];
  }
  const [tx, ty, turn] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let k = 0; k < count; k++) {
    const [i, j] = [wrap(k - 1, count), wrap(k + 1, count)];
    const length = Math.hypot(x[j] - x[i], y[j] - y[i]) || 1;
    tx[k] = (x[j] - x[i]) / length;
    ty[k] = (y[j] - y[i]) / length;
  }
  for (let k = 0; k < count; k++) {
    const [i, j] = [wrap(k - 1, count), wrap(k + 1, count)];
    turn[k] = Math.atan2(tx[i] * ty[j] - ty[i] * tx[j], tx[i] * tx[j] + ty[i] * ty[j]);
  }
  return { count, x, y, tx, ty, turn };
}

interface Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const mean = (v: Float64Array) => v.reduce((s, a) => s + a, 0) / v.length;

function expectation(p: Nodes, q: Nodes, motion?: MotionAt): Places {
  const [dx, dy] = [mean(q.x) - mean(p.x), mean(q.y) - mean(p.y)];
  const [x, y] = [new Float64Array(p.count), new Float64Array(p.count)];
  for (let i = 0; i < p.count; i++) {
    const m = motion ? motion(p.x[i], p.y[i]) : { dx, dy };
    x[i] = p.x[i] + m.dx;
    y[i] = p.y[i] + m.dy;
  }
  return { x, y };
}

function price(p: Nodes, q: Nodes, expected: Places, i: number, j: number): number {
  const dx = q.x[j] - expected.x[i];
  const dy = q.y[j] - expected.y[i];
  const turn = Math.abs(p.turn[i] - q.turn[j]);
  return (
    Math.sqrt(dx * dx + dy * dy) / DISTANCE +
    TANGENT * (1 - p.tx[i] * q.tx[j] - p.ty[i] * q.ty[j]) +
    CURVATURE * (turn < 2 ? turn : 2)
  );
}

/** The cheapest pair where turns are strong: corners are the surest matches. */
function startingPair(p: Nodes, q: Nodes, expected: Places): readonly [number, number] {
  let best = Number.POSITIVE_INFINITY;
  let pair: readonly [number, number] = [0, 0];
  for (let i = 0; i < p.count; i++) {
    const bonus = 0.5 * Math.min(1.5, Math.abs(p.turn[i]));
    for (let j = 0; j < q.count; j++) {
      const c = price(p, q, expected, i, j) - bonus;
      if (c < best) {
        best = c;
        pair = [i, j];
      }
    }
  }
  return pair;
}

/** Of the pairs the first pass matched, the cheapest, corners preferred: where the second pass starts. */
function calmestPair(p: Nodes, q: Nodes, expected: Places, match: Float64Array): readonly [number, number] {
  let best = Number.POSITIVE_INFINITY;
  let pair: readonly [number, number] = [0, wrap(Math.round(match[0]), q.count)];
  for (let i = 0; i < p.count; i++) {
    const j = wrap(Math.round(match[i]), q.count);
    const c = price(p, q, expected, i, j) - 0.5 * Math.min(1.5, Math.abs(p.turn[i]));
    if (c < best) {
      best = c;
      pair = [i, j];
    }
  }
  return pair;
}

let costs = new Float64Array(0);
let moves = new Uint8Array(0);

/** The cheapest monotone match that begins and ends with a given pair; for each node of `p` its mean place on `q`. */
function matchFrom(p: Nodes, q: Nodes, expected: Places, [i0, j0]: readonly [number, number]): Float64Array {
  const [n, m] = [p.count, q.count];
  const width = m + 1;
  if (costs.length < (n + 1) * width) {
    costs = new Float64Array((n + 1) * width);
    moves = new Uint8Array((n + 1) * width);
  }
  for (let i = 0; i <= n; i++) {
    const a = wrap(i0 + i, n);
    for (let j = 0, b = j0; j <= m; j++, b++) {
      if (b >= m) b -= m;
      const at = i * width + j;
      const here = price(p, q, expected, a, b);
      if (i === 0 && j === 0) {
        costs[at] = here;
        continue;
      }
      let least = i && j ? costs[at - width - 1] : Number.POSITIVE_INFINITY;
      let move = 0;
      if (i && costs[at - width] + STRETCH < least) {
        least = costs[at - width] + STRETCH;
        move = 1;
      }
      if (j && costs[at - 1] + STRETCH < least) {
        least = costs[at - 1] + STRETCH;
        move = 2;
      }
      costs[at] = least + here;
      moves[at] = move;
    }
  }
  const sum = new Float64Array(n + 1);
  const times = new Float64Array(n + 1);
  for (let i = n, j = m; ; ) {
    sum[i] += j;
    times[i]++;
    if (i === 0 && j === 0) break;
    const move = moves[i * width + j];
    if (move !== 2) i--;
    if (move !== 1) j--;
  }
  // The pair of the start is met twice, at both ends; there it is exact.
  const match = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const at = i === 0 ? 0 : sum[i] / times[i];
    const k = i0 + i;
    match[wrap(k, n)] = j0 + at - (k >= n ? m : 0);
  }
  return match;
}

function placeOn(q: Nodes, at: number): readonly [number, number] {
  const low = Math.floor(at);
  const [i, j, t] = [wrap(low, q.count), wrap(low + 1, q.count), at - low];
  return [q.x[i] + (q.x[j] - q.x[i]) * t, q.y[i] + (q.y[j] - q.y[i]) * t];
}

/** Displacements of a match, averaged along the loop: what a limb as a whole does. */
function coherent(p: Nodes, q: Nodes, match: Float64Array): Places {
  const n = p.count;
  const [dx, dy] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    const [x, y] = placeOn(q, match[i]);
    dx[i] = x - p.x[i];
    dy[i] = y - p.y[i];
  }
  const [x, y] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    let [sx, sy] = [0, 0];
    for (let k = -COHERENT; k <= COHERENT; k++) {
      sx += dx[wrap(i + k, n)];
      sy += dy[wrap(i + k, n)];
    }
    x[i] = p.x[i] + sx / (2 * COHERENT + 1);
    y[i] = p.y[i] + sy / (2 * COHERENT + 1);
  }
  return { x, y };
}

/** From nodes to samples, in between by interpolation. */
function refine(match: Float64Array, n: number, m: number, count: number, otherCount: number): Float64Array {
  const to = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const at = (k * n) / count;
    const i = Math.floor(at);
    const [lo, hi] = [unrolled(match, i, m), unrolled(match, i + 1, m)];
    to[k] = ((lo + (hi - lo) * (at - i)) * otherCount) / m;
  }
  return to;
}
