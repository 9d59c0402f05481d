import { PER_POINT } from '../values/index.js';
import type { Placement } from './anchors.js';
import { CUT, type Ring, SHARED, wholeRing } from './chain.js';
import { type Interior, interiorOf } from './interior.js';
import { type Loop, wrap } from './loop.js';

/** Loops looked at for where to cut, at most, spread evenly over the sequence. */
const LOOKS = 48;
/** Where on a cut the object is looked for. */
const PROBES = [0.12, 0.25, 0.4, 0.5, 0.6, 0.75, 0.88] as const;
/** A cut may leave the object on this share of the probes; otherwise the shape stays whole. */
const TOLERATED = 0.04;
/** What a cut as long as the object is wide, and a cut that leaves one part next to nothing, cost. */
const LENGTH = 1;
const IMBALANCE = 1.2;

/**
 * Divides the points of a region into parts of at most `most` points, the way a roto artist takes several shapes for one
 * object: by cuts straight through the inside, short ones preferred (necks, the roots of limbs), chosen once for all frames. Parts
 * overlap by the segment on each side of a cut, so that they need not share keys. A region that cannot be cut without
 * leaving it on some frames stays as it is.
 */
export function ringsOf(loops: readonly Loop[], placement: Placement, most: number): readonly Ring[] {
  const points = placement[0].length;
  if (points <= most) return [wholeRing(points)];
  const stride = Math.max(1, Math.ceil(loops.length / LOOKS));
  const looks: Look[] = [];
  for (let f = 0; f < loops.length; f += stride) looks.push(lookAt(loops[f], placement[f]));
  const done: Ring[] = [];
  const open = [wholeRing(points)];
  for (let ring = open.pop(); ring; ring = open.pop()) {
    const cut = ring.points.length > most ? bestCut(ring, looks) : undefined;
    if (cut) open.push(...divide(ring, ...cut));
    else done.push(ring);
  }
  return done;
}

/** One loop's anchors and inside. */
interface Look {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly inside: Interior;
  /** Side of a square of the region's area. */
  readonly size: number;
}

function lookAt(loop: Loop, at: Int32Array): Look {
  const x = Float64Array.from(at, (k) => loop.x[wrap(k, loop.count)]);
  const y = Float64Array.from(at, (k) => loop.y[wrap(k, loop.count)]);
  return { x, y, inside: interiorOf(loop.contour), size: Math.sqrt(Math.abs(loop.contour.area)) };
}

function bestCut({ points, kinds }: Ring, looks: readonly Look[]): readonly [number, number] | undefined {
  const n = points.length;
  const free = (i: number) => kinds[wrap(i - 1, n)] !== CUT && kinds[i] !== CUT;
  const least = Math.max(4, Math.floor(n / 6));
  let best = Number.POSITIVE_INFINITY;
  let cut: readonly [number, number] | undefined;
  for (let a = 0; a < n; a++) {
    if (!free(a)) continue;
    for (let b = a + least; b < n && b - a <= n - least; b++) {
      if (!free(b)) continue;
      const uneven = (2 * Math.abs(b - a - n / 2)) / n;
      if (IMBALANCE * uneven >= best) continue;
      const cost = IMBALANCE * uneven + cutCost(points[a], points[b], looks, best - IMBALANCE * uneven);
      if (cost < best) {
        best = cost;
        cut = [a, b];
      }
    }
  }
  return cut;
}

/** Length of a cut, relative to the region; infinite where it leaves the region too often or costs more than `bound`. */
function cutCost(p: number, q: number, looks: readonly Look[], bound: number): number {
  let missed = 0;
  let length = 0;
  const allowed = TOLERATED * looks.length * PROBES.length;
  for (const { x, y, inside, size } of looks) {
    const [dx, dy] = [x[q] - x[p], y[q] - y[p]];
    length += Math.hypot(dx, dy) / size;
    for (const t of PROBES) if (!inside.has(x[p] + t * dx, y[p] + t * dy)) missed++;
    if (missed > allowed || (LENGTH * length) / looks.length > bound) return Number.POSITIVE_INFINITY;
  }
  return (LENGTH * length) / looks.length + (4 * missed) / (looks.length * PROBES.length);
}

/** Two rings on both sides of a cut, each reaching one segment over to the other side. */
function divide(ring: Ring, a: number, b: number): readonly [Ring, Ring] {
  const n = ring.points.length;
  const side = (from: number, to: number): Ring => {
    const points: number[] = [];
    const kinds: number[] = [];
    for (let i = from - 1; i <= to + 1; i++) {
      points.push(ring.points[wrap(i, n)]);
      const kind = ring.kinds[wrap(i, n)];
      kinds.push(i === to + 1 ? CUT : i === from - 1 || i === to ? SHARED : kind);
    }
    return { points, kinds };
  };
  return [side(a, b), side(b, a + n)];
}

/** How far the ends of a cut may be bent, in degrees, from straight on. */
const BENDS = [0, -20, 20, -40, 40, -60, 60] as const;

/**
 * Gives the cuts of an outline their handles: straight where that stays inside, else the least bent curve that does, else the
 * one that is outside the least. Changes the outline.
 */
export function bendCuts(outline: Float64Array, kinds: readonly number[], inside: Interior): void {
  const n = kinds.length;
  for (let i = 0; i < n; i++) {
    if (kinds[i] !== CUT) continue;
    const a = i * PER_POINT;
    const b = ((i + 1) % n) * PER_POINT;
    const [x0, y0, x3, y3] = [outline[a], outline[a + 1], outline[b], outline[b + 1]];
    let best = Number.POSITIVE_INFINITY;
    for (const from of BENDS) {
      for (const to of BENDS) {
        const h = turned((x3 - x0) / 3, (y3 - y0) / 3, from);
        const g = turned((x0 - x3) / 3, (y0 - y3) / 3, to);
        const missed = missesOf(x0, y0, x0 + h[0], y0 + h[1], x3 + g[0], y3 + g[1], x3, y3, inside);
        const cost = missed * 1000 + Math.abs(from) + Math.abs(to);
        if (cost >= best) continue;
        best = cost;
        outline.set([x0 + h[0], y0 + h[1]], a + 4);
        outline.set([x3 + g[0], y3 + g[1]], b + 2);
      }
    }
  }
}

function turned(x: number, y: number, degrees: number): readonly [number, number] {
  const r = (degrees * Math.PI) / 180;
  return [x * Math.cos(r) - y * Math.sin(r), x * Math.sin(r) + y * Math.cos(r)];
}

function missesOf(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  x3: number,
  y3: number,
  inside: Interior,
): number {
  let missed = 0;
  for (let k = 1; k < 16; k++) {
    const t = k / 16;
    const s = 1 - t;
    const [b0, b1, b2, b3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
    if (!inside.has(b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3, b0 * y0 + b1 * y1 + b2 * y2 + b3 * y3)) missed++;
  }
  return missed;
}
