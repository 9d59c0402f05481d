import { type Loop, wrap } from '../contours/loop.js';

/**
 * One cubic Bezier segment along a stretch of a loop: its two inner control points, and the largest distance between
 * the stretch's samples and the points of the curve that they were matched with, in pixels. As the match is monotone,
 * no point of the curve is further from the stretch either.
 */
export interface FittedSegment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly error: number;
}

/** Directions that a segment must leave and arrive in, unit vectors along the loop. */
export interface EndDirections {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
}

/** Rounds of fitting, each with the parameters moved to the nearest points of the curve before (Schneider 1990). */
const ROUNDS = 3;
/** Stretches of fewer steps are straight lines: there is nothing to fit. */
const SHORTEST = 3;
/** Parameters further apart than this many even steps leap over a stretch of curve, which is then looked at as well. */
const LEAP = 3;
/** A handle is at most this share of its stretch long; longer ones make loops. */
const LONGEST_HANDLE = 1.2;

let parameters = new Float64Array(1024);

/** What the least-squares sums of a stretch come to, over the samples between its ends. */
interface Sums {
  a: number;
  b: number;
  c: number;
  px: number;
  py: number;
  qx: number;
  qy: number;
}
const sums: Sums = { a: 0, b: 0, c: 0, px: 0, py: 0, qx: 0, qy: 0 };

/**
 * The cubic that fits samples `from .. from + steps` best in least squares, its ends on the first and the last sample.
 * With `directions` the handles keep to them and only their lengths are fitted. An error of at most `enough` ends the
 * search for a better one.
 */
export function fitSegment(
  loop: Loop,
  from: number,
  steps: number,
  directions?: EndDirections,
  enough = 0,
): FittedSegment {
  const { x, y, count } = loop;
  const i0 = wrap(from, count);
  const i3 = wrap(from + steps, count);
  const ends = { x0: x[i0], y0: y[i0], x3: x[i3], y3: y[i3] };
  const straight = thirds(ends);
  if (steps < SHORTEST) return { ...straight, error: steps < 2 ? 0 : distanceOfMiddle(loop, i0, ends) };
  if (parameters.length <= steps) parameters = new Float64Array(2 * steps);
  for (let k = 1; k < steps; k++) parameters[k] = k / steps;
  const longest = LONGEST_HANDLE * steps * loop.step;
  let best: FittedSegment = { ...straight, error: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    addUp(loop, i0, steps, ends);
    const inner = directions ? alongDirections(ends, directions, longest) : free(ends, longest);
    const error = match(loop, i0, steps, ends, inner ?? straight);
    if (error < best.error) best = withError(inner ?? straight, error);
    if (!inner || error <= enough) break;
  }
  return best;
}

interface Ends {
  readonly x0: number;
  readonly y0: number;
  readonly x3: number;
  readonly y3: number;
}
type Inner = Omit<FittedSegment, 'error'>;

const withError = ({ x1, y1, x2, y2 }: Inner, error: number): FittedSegment => ({ x1, y1, x2, y2, error });

const thirds = ({ x0, y0, x3, y3 }: Ends): Inner => ({
  x1: x0 + (x3 - x0) / 3,
  y1: y0 + (y3 - y0) / 3,
  x2: x3 - (x3 - x0) / 3,
  y2: y3 - (y3 - y0) / 3,
});

function distanceOfMiddle({ x, y, count }: Loop, i0: number, { x0, y0, x3, y3 }: Ends): number {
  const m = wrap(i0 + 1, count);
  const length = Math.hypot(x3 - x0, y3 - y0);
  if (length < 1e-9) return Math.hypot(x[m] - x0, y[m] - y0);
  return Math.abs((x[m] - x0) * (y3 - y0) - (y[m] - y0) * (x3 - x0)) / length;
}

function addUp({ x, y, count }: Loop, i0: number, steps: number, { x0, y0, x3, y3 }: Ends): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let px = 0;
  let py = 0;
  let qx = 0;
  let qy = 0;
  for (let k = 1, i = i0 + 1; k < steps; k++, i++) {
    if (i >= count) i -= count;
    const t = parameters[k];
    const s = 1 - t;
    const b1 = 3 * s * s * t;
    const b2 = 3 * s * t * t;
    const first = s * s * s + b1;
    const last = t * t * t + b2;
    const rx = x[i] - first * x0 - last * x3;
    const ry = y[i] - first * y0 - last * y3;
    a += b1 * b1;
    b += b1 * b2;
    c += b2 * b2;
    px += b1 * rx;
    py += b1 * ry;
    qx += b2 * rx;
    qy += b2 * ry;
  }
  sums.a = a;
  sums.b = b;
  sums.c = c;
  sums.px = px;
  sums.py = py;
  sums.qx = qx;
  sums.qy = qy;
}

/** Both handles free: two 2x2 systems. Undefined where the handles would be longer than `longest`. */
function free({ x0, y0, x3, y3 }: Ends, longest: number): Inner | undefined {
  const { a, b, c, px, py, qx, qy } = sums;
  const d = a * c - b * b;
  if (Math.abs(d) < 1e-12) return undefined;
  const hx = (c * px - b * qx) / d;
  const hy = (c * py - b * qy) / d;
  const gx = (a * qx - b * px) / d;
  const gy = (a * qy - b * py) / d;
  const square = longest * longest;
  if (hx * hx + hy * hy > square || gx * gx + gy * gy > square) return undefined;
  return { x1: x0 + hx, y1: y0 + hy, x2: x3 + gx, y2: y3 + gy };
}

/** Handles along given directions: a 2x2 system for their lengths. Undefined where one would point backwards. */
function alongDirections({ x0, y0, x3, y3 }: Ends, d: EndDirections, longest: number): Inner | undefined {
  const { a, b, c, px, py, qx, qy } = sums;
  const cross = -b * (d.fromX * d.toX + d.fromY * d.toY);
  const p = px * d.fromX + py * d.fromY;
  const q = -(qx * d.toX + qy * d.toY);
  const det = a * c - cross * cross;
  if (Math.abs(det) < 1e-12) return undefined;
  const [out, back] = [(c * p - cross * q) / det, (a * q - cross * p) / det];
  if (out <= 0 || back <= 0 || out > longest || back > longest) return undefined;
  return { x1: x0 + out * d.fromX, y1: y0 + out * d.fromY, x2: x3 - back * d.toX, y2: y3 - back * d.toY };
}

/**
 * Moves each parameter one Newton step towards the nearest point of the curve. @returns the largest distance from there to
 * the sample, or from a stretch of curve that the parameters leap over.
 */
function match({ x, y, count }: Loop, i0: number, steps: number, ends: Ends, inner: Inner): number {
  const { x0, y0, x3, y3 } = ends;
  const { x1, y1, x2, y2 } = inner;
  // The curve as a + t (b + t (c + t d)).
  const bx = 3 * (x1 - x0);
  const by = 3 * (y1 - y0);
  const cx = 3 * (x2 - 2 * x1 + x0);
  const cy = 3 * (y2 - 2 * y1 + y0);
  const dx = x3 - x0 - bx - cx;
  const dy = y3 - y0 - by - cy;
  const leap = LEAP / steps;
  let worst = 0;
  let before = 0;
  for (let k = 1, i = i0 + 1; k <= steps; k++, i++) {
    if (i >= count) i -= count;
    let t = 1;
    if (k < steps) {
      t = parameters[k];
      const ex = x0 + t * (bx + t * (cx + t * dx)) - x[i];
      const ey = y0 + t * (by + t * (cy + t * dy)) - y[i];
      const vx = bx + t * (2 * cx + 3 * t * dx);
      const vy = by + t * (2 * cy + 3 * t * dy);
      const speed = vx * vx + vy * vy;
      if (speed > 1e-9) t -= (ex * vx + ey * vy) / speed;
      t = t < before ? before : t > 1 ? 1 : t;
      parameters[k] = t;
      const fx = x0 + t * (bx + t * (cx + t * dx)) - x[i];
      const fy = y0 + t * (by + t * (cy + t * dy)) - y[i];
      const off = fx * fx + fy * fy;
      if (off > worst) worst = off;
    }
    if (t - before > leap) {
      for (let m = before + leap / 2; m < t; m += leap / 2) {
        const mx = x0 + m * (bx + m * (cx + m * dx)) - x[i];
        const my = y0 + m * (by + m * (cy + m * dy)) - y[i];
        const off = mx * mx + my * my;
        if (off > worst) worst = off;
      }
    }
    before = t;
  }
  return Math.sqrt(worst);
}
