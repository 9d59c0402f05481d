import { PER_POINT } from '../../values/index.js';
import { type Loop, wrap } from '../contours/loop.js';
import { coordinateAt } from '../curves/bezier.js';
import { crossingsOf } from '../curves/crossings.js';
import { CUT, type Cut, type Ring, ringAnchors, stepsBetween } from './chain.js';

/** How a cut is bent on one frame, in degrees from straight on: at the point that it starts from, and at the one after. */
export interface Bend {
  readonly out: number;
  readonly back: number;
}

/** The points of a shape on one loop: their samples, and the bends of its cuts, by the number of the point before them. */
export interface RingOnLoop {
  readonly at: Int32Array;
  readonly bends: ReadonlyMap<number, Bend>;
}

/** Ends of a cut are bent away from the shape by up to so many degrees more than it is on the whole. */
const AWAY = [0, 15, 30, 45, 60, 75] as const;
/** Where that does not do, the shape reaches over the cut by this share of the usual overlap. */
const SHARES = [1, 0.5, 0.2, 0] as const;
/** A cut is looked at in so many points. */
const LOOKS = 24;
/**
 * How near a cut may come to the contour: half as near as its nearer end, so that it leaves the contour at 30 degrees or more, up to
 * this many pixels.
 */
const CLEAR = 2;

/**
 * Where the points of a ring lie on a loop, with its cuts kept away from the contour that the shape follows, so that the outline does
 * not cross itself there. Cuts are bent away from the shape only: parts must go on to overlap.
 */
export function ringOnLoop(anchors: Int32Array, ring: Ring, loop: Loop): RingOnLoop {
  const share = new Map<number, number>();
  const place = () => ringAnchors(anchors, ring, loop, (i) => share.get(i) ?? 1);
  let at = place();
  const bends = new Map<number, Bend>();
  ring.forEach(({ anchor, cut }, i) => {
    if (!cut) return;
    const next = (i + 1) % ring.length;
    const usual = bendOf(cut, anchor);
    let best = { lack: Number.POSITIVE_INFINITY, bend: usual, share: 1 };
    for (const s of SHARES) {
      share.set(i, s).set(next, s);
      at = place();
      const { lack, bend } = clearest(at, ring, loop, i, usual);
      if (lack < best.lack) best = { lack, bend, share: s };
      if (lack <= 0) break;
    }
    share.set(i, best.share).set(next, best.share);
    bends.set(i, best.bend);
    at = place();
  });
  return { at, bends };
}

/** How a cut is bent on the whole, for a ring in which it comes after the anchor `anchor`. */
export const bendOf = (cut: Cut, anchor: number): Bend =>
  anchor === cut.from ? { out: cut.bendFrom, back: cut.bendTo } : { out: cut.bendTo, back: cut.bendFrom };

/** The least bend of the cut after point `i` that keeps it clear, else the one that lacks least; in pixels. */
function clearest(at: Int32Array, ring: Ring, loop: Loop, i: number, usual: Bend) {
  const next = (i + 1) % at.length;
  const ends = endsOf(loop, at[i], at[next]);
  const side = loop.contour.area > 0 ? 1 : -1;
  const near = samplesBeside(at, ring, loop, ends);
  let best = { lack: Number.POSITIVE_INFINITY, bend: usual };
  for (const [a, b] of ALL_AWAY) {
    const bend = { out: usual.out - side * a, back: usual.back + side * b };
    bendCut(ends, 0, PER_POINT, bend);
    const lack = lackOf(ends, loop, near, side, best.lack);
    if (lack < best.lack) best = { lack, bend };
    if (lack <= 0) break;
  }
  return best;
}

/** Samples of the stretches that a shape follows near enough to a cut for any bend of it to come near them. */
function samplesBeside(at: Int32Array, ring: Ring, { x, y, count }: Loop, ends: Float64Array): readonly number[] {
  const [mx, my] = [(ends[0] + ends[PER_POINT]) / 2, (ends[1] + ends[PER_POINT + 1]) / 2];
  // Handles are a third of the cut long: no point of it is further from its middle.
  const reach = Math.hypot(ends[0] - mx, ends[1] - my) + CLEAR;
  const near: number[] = [];
  for (let p = 0; p < at.length; p++) {
    if (ring[p].kind === CUT) continue;
    const steps = stepsBetween(at[p], at[(p + 1) % at.length], count);
    for (let n = 0, i = wrap(at[p], count); n < steps; n++, i = i + 1 < count ? i + 1 : 0)
      if (Math.abs(x[i] - mx) <= reach && Math.abs(y[i] - my) <= reach) near.push(i);
  }
  return near;
}

const ALL_AWAY: readonly (readonly [number, number])[] = AWAY.flatMap((a) => AWAY.map((b) => [a, b] as const)).sort(
  (p, q) => Math.max(...p) - Math.max(...q) || p[0] + p[1] - q[0] - q[1],
);

function endsOf({ x, y, count }: Loop, from: number, to: number): Float64Array {
  const [a, b] = [wrap(from, count), wrap(to, count)];
  const ends = new Float64Array(2 * PER_POINT);
  ends.set([x[a], y[a]]);
  ends.set([x[b], y[b]], PER_POINT);
  return ends;
}

/** By how many pixels a cut is too near to the stretches of contour beside it, or beyond them; 0 or less where it is clear. */
function lackOf(
  cut: Float64Array,
  { x, y, count }: Loop,
  near: readonly number[],
  side: number,
  enough: number,
): number {
  const [x0, y0, x3, y3] = [cut[0], cut[1], cut[6], cut[7]];
  let lack = 0;
  for (let k = 1; k < LOOKS && lack < enough; k++) {
    // Nearer to each other at the ends, where a cut leaves the contour.
    const t = 0.5 - 0.5 * Math.cos((Math.PI * k) / LOOKS);
    const [px, py] = [coordinateAt(cut, 0, t, 0), coordinateAt(cut, 0, t, 1)];
    const need = Math.min(CLEAR, 0.5 * Math.min(Math.hypot(px - x0, py - y0), Math.hypot(px - x3, py - y3)));
    let least = Number.POSITIVE_INFINITY;
    let inside = true;
    for (let n = 0; n < near.length; n++) {
      const i = near[n];
      const j = i + 1 < count ? i + 1 : 0;
      const dx = x[j] - x[i];
      const dy = y[j] - y[i];
      const ex = px - x[i];
      const ey = py - y[i];
      const along = Math.min(1, Math.max(0, (ex * dx + ey * dy) / (dx * dx + dy * dy || 1)));
      const square = (ex - along * dx) ** 2 + (ey - along * dy) ** 2;
      if (square < least) {
        least = square;
        inside = side * (dx * ey - dy * ex) >= 0;
      }
    }
    lack = Math.max(lack, need + (inside ? -1 : 1) * Math.sqrt(least));
  }
  return lack;
}

/** Gives the cuts of an outline their handles. Changes the outline. */
export function bendCuts(outline: Float64Array, bends: ReadonlyMap<number, Bend>): void {
  for (const [i, bend] of bends) {
    const a = i * PER_POINT;
    bendCut(outline, a, a + PER_POINT < outline.length ? a + PER_POINT : 0, bend);
  }
}

/**
 * Bends of the cuts of a fitted outline with which none crosses it, where there are such: the outline is a little beside the contour
 * that they were chosen by. Changes the outline.
 */
export function clearCuts(
  outline: Float64Array,
  bends: ReadonlyMap<number, Bend>,
  { contour }: Loop,
): ReadonlyMap<number, Bend> {
  bendCuts(outline, bends);
  const crossed = (i: number) => crossingsOf(outline).filter((c) => c.segment === i || c.other === i).length;
  const clear = new Map(bends);
  for (const [i, usual] of bends) {
    let least = crossed(i);
    if (!least) continue;
    const side = contour.area > 0 ? 1 : -1;
    for (const [a, b] of ALL_AWAY) {
      const bend = { out: usual.out - side * a, back: usual.back + side * b };
      bendCuts(outline, new Map([[i, bend]]));
      const left = crossed(i);
      if (left < least) {
        least = left;
        clear.set(i, bend);
      }
      if (!left) break;
    }
    bendCuts(outline, clear);
  }
  return clear;
}

/** The handles of a cut from the point at `a` to the one at `b`, a third of its length each. */
function bendCut(outline: Float64Array, a: number, b: number, { out, back }: Bend): void {
  const [x, y] = [(outline[b] - outline[a]) / 3, (outline[b + 1] - outline[a + 1]) / 3];
  const [hx, hy] = turned(x, y, out);
  const [gx, gy] = turned(-x, -y, back);
  outline[a + 4] = outline[a] + hx;
  outline[a + 5] = outline[a + 1] + hy;
  outline[b + 2] = outline[b] + gx;
  outline[b + 3] = outline[b + 1] + gy;
}

function turned(x: number, y: number, degrees: number): readonly [number, number] {
  const r = (degrees * Math.PI) / 180;
  return [x * Math.cos(r) - y * Math.sin(r), x * Math.sin(r) + y * Math.cos(r)];
}
