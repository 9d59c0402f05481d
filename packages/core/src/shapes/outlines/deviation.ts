import { PER_POINT } from '../../values/index.js';
import { type Loop, wrap } from '../contours/loop.js';
import { coordinateAt, movePointAt } from '../curves/bezier.js';
import { CUT, OWN, stepsBetween } from '../parts/chain.js';

/** How far along from where it is expected a nearest point is looked for, in samples. */
const WINDOW = 40;
/** Longest chord a curve is looked at with, in pixels; a fine look has so many times more of them. */
const CHORD = 1.5;
const FINE = 4;

/** An outline to be compared with a loop: where its points lie on the loop, and what lies after each (see `Ring`). */
export interface Traced {
  readonly outline: Float64Array;
  readonly loop: Loop;
  /** Sample of each point. */
  readonly at: Int32Array;
  readonly kinds: readonly number[];
}

/** An outline as a polyline of short chords; cuts are left out. Valid until the next one. */
interface Polyline {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Which sample of the loop each vertex stands for. */
  readonly sample: Float64Array;
  /** Which segment of the outline it lies on, as a whole part, and where on it. */
  readonly place: Float64Array;
  readonly count: number;
}

let px = new Float64Array(4096);
let py = new Float64Array(4096);
let ps = new Float64Array(4096);
let pt = new Float64Array(4096);

function flatten({ outline, at, kinds, loop }: Traced, fine: number): Polyline {
  const n = at.length;
  let k = 0;
  for (let i = 0; i < n; i++) {
    const next = i + 1 < n ? i + 1 : 0;
    const steps = kinds[i] === CUT ? 0 : stepsBetween(at[i], at[next], loop.count);
    const a = i * PER_POINT;
    const b = next * PER_POINT;
    const [x0, y0, x1, y1] = [outline[a], outline[a + 1], outline[a + 4], outline[a + 5]];
    const [x2, y2, x3, y3] = [outline[b + 2], outline[b + 3], outline[b], outline[b + 1]];
    // By the control polygon, which tells of handles that swing out beside a short stretch, too.
    const length = Math.hypot(x1 - x0, y1 - y0) + Math.hypot(x2 - x1, y2 - y1) + Math.hypot(x3 - x2, y3 - y2);
    const chords = Math.max(2, Math.min(steps + 4, Math.ceil(length / CHORD)));
    const pieces = kinds[i] === CUT ? 1 : fine * chords;
    while (k + pieces > px.length) [px, py, ps, pt] = [px, py, ps, pt].map(doubled);
    for (let j = 0; j < pieces; j++, k++) {
      const t = j / pieces;
      const s = 1 - t;
      const [b0, b1, b2, b3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
      px[k] = b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3;
      py[k] = b0 * y0 + b1 * y1 + b2 * y2 + b3 * y3;
      ps[k] = at[i] + steps * t;
      pt[k] = i + t;
    }
  }
  return { x: px, y: py, sample: ps, place: pt, count: k };
}

/** Every sample of the loop that the shape answers for, with the vertex it is nearest to by the anchors. */
function forOwnSamples(traced: Traced, line: Polyline, tell: (sample: number, vertex: number) => boolean): boolean {
  const { kinds, at, loop } = traced;
  for (let k = 0; k < line.count; k++) {
    const segment = Math.floor(line.place[k]);
    if (kinds[segment] !== OWN) continue;
    const last = k + 1 >= line.count || Math.floor(line.place[k + 1]) !== segment;
    const next = segment + 1 < at.length ? segment + 1 : 0;
    const end = last ? at[segment] + stepsBetween(at[segment], at[next], loop.count) : line.sample[k + 1];
    for (let s = Math.ceil(line.sample[k]); s < end; s++) if (!tell(wrap(s, loop.count), k)) return false;
  }
  return true;
}

function doubled(v: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const out = new Float64Array(2 * v.length);
  out.set(v);
  return out;
}

/** Squared distance from a point to the line from vertex `i` (0 .. count - 1) of a closed polyline to the next one. */
function toPiece(x: Float64Array, y: Float64Array, count: number, i: number, qx: number, qy: number): number {
  const j = i + 1 < count ? i + 1 : 0;
  const ax = x[i];
  const ay = y[i];
  const dx = x[j] - ax;
  const dy = y[j] - ay;
  const l = dx * dx + dy * dy;
  const along = (qx - ax) * dx + (qy - ay) * dy;
  const t = along <= 0 ? 0 : along >= l ? 1 : along / l;
  const ex = ax + t * dx - qx;
  const ey = ay + t * dy - qy;
  return ex * ex + ey * ey;
}

/** Said instead of a piece where something is near enough. */
const NEAR = -1;

/** The piece of a polyline nearest to a point, looked for around a guess; `NEAR` where something is within `limit` (squared). */
function nearest(
  x: Float64Array,
  y: Float64Array,
  count: number,
  k: number,
  qx: number,
  qy: number,
  limit: number,
  wide = WINDOW,
): number {
  const window = Math.min(wide, count >> 1);
  let at = wrap(k, count);
  let best = toPiece(x, y, count, at, qx, qy);
  for (let d = 1, up = at, down = at; d <= window && best > limit; d++) {
    up = up + 1 < count ? up + 1 : 0;
    down = down > 0 ? down - 1 : count - 1;
    const above = toPiece(x, y, count, up, qx, qy);
    if (above < best) {
      best = above;
      at = up;
    }
    const below = toPiece(x, y, count, down, qx, qy);
    if (below < best) {
      best = below;
      at = down;
    }
  }
  return best <= limit ? NEAR : at;
}

/** Told where an outline is too far off: the segment and parameter, and what the point there must move by. */
export type Pull = (segment: number, t: number, dx: number, dy: number) => void;

/**
 * Looks for places where an outline and a loop are more than `limit` pixels apart, either way, and says for each what
 * would bring it back within the limit once all that was told before is done, the control points moving the least each time
 * (see {@link movePointAt}): neighbours that were each told the whole way would throw the outline further off than it was. @returns the largest distance met that is above the limit, else 0.
 */
export function pullsOf(traced: Traced, limit: number, pull: Pull): number {
  const { loop } = traced;
  const line = flatten(traced, 1);
  const square = limit * limit;
  const now = traced.outline.slice();
  let worst = 0;
  const tell = (k: number, along: number, toX: number, toY: number) => {
    const segment = Math.floor(line.place[k]);
    const next = k + 1 < line.count && line.place[k + 1] < segment + 1 ? line.place[k + 1] : segment + 1;
    const t = line.place[k] - segment + along * (next - line.place[k]);
    const dx = toX - coordinateAt(now, segment, t, 0);
    const dy = toY - coordinateAt(now, segment, t, 1);
    const distance = Math.hypot(dx, dy);
    if (distance <= limit) return;
    const share = 1 - limit / distance;
    movePointAt(now, segment, t, dx * share, dy * share);
    pull(segment, t, dx * share, dy * share);
  };
  for (let k = 0; k < line.count; k++) {
    const i = nearest(loop.x, loop.y, loop.count, Math.round(line.sample[k]), line.x[k], line.y[k], square);
    if (i === NEAR) continue;
    const { x, y } = foot(loop.x, loop.y, loop.count, i, line.x[k], line.y[k]);
    worst = Math.max(worst, Math.hypot(x - line.x[k], y - line.y[k]));
    tell(k, 0, x, y);
  }
  forOwnSamples(traced, line, (i, k) => {
    const j = nearest(line.x, line.y, line.count, k, loop.x[i], loop.y[i], square);
    if (j !== NEAR) {
      const { x, y, along } = foot(line.x, line.y, line.count, j, loop.x[i], loop.y[i]);
      worst = Math.max(worst, Math.hypot(x - loop.x[i], y - loop.y[i]));
      tell(j, along, loop.x[i], loop.y[i]);
    }
    return true;
  });
  return worst;
}

/** The point of a piece nearest to a point, and where on the piece it is, 0 to 1. */
function foot(x: Float64Array, y: Float64Array, count: number, i: number, qx: number, qy: number) {
  const j = i + 1 < count ? i + 1 : 0;
  const [dx, dy] = [x[j] - x[i], y[j] - y[i]];
  const l = dx * dx + dy * dy;
  const along = l > 0 ? Math.min(1, Math.max(0, ((qx - x[i]) * dx + (qy - y[i]) * dy) / l)) : 0;
  return { x: x[i] + along * dx, y: y[i] + along * dy, along };
}

/**
 * Whether no point of an outline is further than `limit` pixels from a loop and no sample of the loop that it answers for
 * further from the outline. Each point's neighbour is looked for around where the anchors say.
 */
export function isWithin(traced: Traced, limit: number): boolean {
  const { loop } = traced;
  const line = flatten(traced, FINE);
  const square = limit * limit;
  for (let k = 0; k < line.count; k++) {
    const i = nearest(loop.x, loop.y, loop.count, Math.round(line.sample[k]), line.x[k], line.y[k], square);
    if (i !== NEAR) return false;
  }
  return forOwnSamples(
    traced,
    line,
    (i, k) => nearest(line.x, line.y, line.count, k, loop.x[i], loop.y[i], square, FINE * WINDOW) === NEAR,
  );
}

/**
 * The largest distance between an outline and the samples of the loop it answers for, in pixels, both ways; `above` where
 * it is no larger than that, which is quicker to say.
 */
export function deviationOf(traced: Traced, above = 0): number {
  const { loop } = traced;
  const line = flatten(traced, FINE);
  let worst = above * above;
  for (let k = 0; k < line.count; k++) {
    const i = nearest(loop.x, loop.y, loop.count, Math.round(line.sample[k]), line.x[k], line.y[k], worst);
    if (i !== NEAR) worst = toPiece(loop.x, loop.y, loop.count, i, line.x[k], line.y[k]);
  }
  forOwnSamples(traced, line, (i, k) => {
    const j = nearest(line.x, line.y, line.count, k, loop.x[i], loop.y[i], worst, FINE * WINDOW);
    if (j !== NEAR) worst = toPiece(line.x, line.y, line.count, j, loop.x[i], loop.y[i]);
    return true;
  });
  return Math.sqrt(worst);
}
