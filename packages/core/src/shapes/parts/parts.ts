import { PER_POINT } from '../../values/index.js';
import { type Interior, interiorOf } from '../contours/interior.js';
import { type Loop, wrap } from '../contours/loop.js';
import { coordinateAt } from '../curves/bezier.js';
import type { Placement } from '../points/anchors.js';
import { CUT, type Cut, OWN, type Ring, ringAnchors, SHARED, wholeRing } from './chain.js';
import { bendCuts, bendOf } from './cuts.js';

/** Loops looked at for where to cut, at most, spread evenly over the sequence. */
const LOOKS = 60;
/** Where on a cut the object is looked for. */
const PROBES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;
/** Straight cuts that leave the object on up to this share of the probes may do once they are bent. */
const BENDABLE = 0.3;
/** So many of the best straight cuts are tried bent. */
const CANDIDATES = 30;
/** How far the ends of a cut may be bent, in degrees from straight on. */
const BENDS = [0, -15, 15, -30, 30, -45, 45] as const;
/** What a cut that leaves one part next to nothing costs, beside its length in sides of the region. */
const IMBALANCE = 1.2;
const OUTSIDE = 5;

/**
 * Divides the points of a region into parts of at most `most` points, the way a roto artist takes several shapes for one
 * object: by cuts through the inside, short ones preferred (necks, the roots of limbs), chosen once for all frames. Parts
 * reach a few pixels over a cut, so that they need not share keys. @returns undefined where no cut stays inside
 * the region on all frames; with `force`, the cut that leaves it least is taken instead.
 */
export function ringsOf(
  loops: readonly Loop[],
  placement: Placement,
  most: number,
  force: boolean,
): readonly Ring[] | undefined {
  const whole = wholeRing(placement[0].length);
  if (whole.length <= most) return [whole];
  const stride = Math.max(1, Math.ceil(loops.length / LOOKS));
  const looks: Look[] = [];
  for (let f = 0; f < loops.length; f += stride) looks.push(lookAt(loops[f], placement[f]));
  const done: Ring[] = [];
  const open = [whole];
  for (let ring = open.pop(); ring; ring = open.pop()) {
    if (ring.length <= most) done.push(ring);
    else {
      const divided = divide(ring, looks, force);
      if (divided) open.push(...divided);
      else if (force) done.push(ring);
      else return undefined;
    }
  }
  return done;
}

/** One loop's anchors and inside. */
interface Look {
  readonly loop: Loop;
  readonly at: Int32Array;
  readonly inside: Interior;
  /** Side of a square of the region's area. */
  readonly size: number;
}

const lookAt = (loop: Loop, at: Int32Array): Look => ({
  loop,
  at,
  inside: interiorOf(loop.contour),
  size: Math.sqrt(Math.abs(loop.contour.area)) || 1,
});

function divide(ring: Ring, looks: readonly Look[], force: boolean): readonly [Ring, Ring] | undefined {
  let best: { readonly cost: number; readonly missed: number; readonly sides: readonly [Ring, Ring] } | undefined;
  for (const { a, b, cost } of straightCuts(ring, looks, force ? 1 : BENDABLE)) {
    if (best && cost >= best.cost) break;
    const bent = bestBend(ring, a, b, looks);
    const total = cost + OUTSIDE * bent.missed;
    if (!best || total < best.cost) best = { cost: total, missed: bent.missed, sides: sidesOf(ring, a, b, bent.cut) };
  }
  return best && (force || best.missed === 0) ? best.sides : undefined;
}

/** The most promising cuts of a ring when they run straight, best first. */
function straightCuts(ring: Ring, looks: readonly Look[], bendable: number) {
  const n = ring.length;
  const free = (i: number) => ring[i].beside === 0 && ring[i].kind === OWN && ring[wrap(i - 1, n)].kind === OWN;
  const least = Math.max(4, Math.floor(n / 6));
  const found: { readonly a: number; readonly b: number; readonly cost: number }[] = [];
  for (let a = 0; a < n; a++) {
    if (!free(a)) continue;
    for (let b = a + least; b < n && b - a <= n - least; b++) {
      if (!free(b)) continue;
      const uneven = (2 * Math.abs(b - a - n / 2)) / n;
      const cost = IMBALANCE * uneven + straightCost(ring[a].anchor, ring[b].anchor, looks, bendable);
      if (Number.isFinite(cost)) found.push({ a, b, cost });
    }
  }
  return found.sort((p, q) => p.cost - q.cost).slice(0, CANDIDATES);
}

/** Length of a straight cut in sides of the region, and what it costs to leave it; infinite where it does so too often. */
function straightCost(p: number, q: number, looks: readonly Look[], bendable: number): number {
  let missed = 0;
  let length = 0;
  const probes = looks.length * PROBES.length;
  for (const { loop, at, inside, size } of looks) {
    const [i, j] = [wrap(at[p], loop.count), wrap(at[q], loop.count)];
    const [dx, dy] = [loop.x[j] - loop.x[i], loop.y[j] - loop.y[i]];
    length += Math.hypot(dx, dy) / size;
    for (const t of PROBES) if (!inside.has(loop.x[i] + t * dx, loop.y[i] + t * dy)) missed++;
    if (missed > bendable * probes) return Number.POSITIVE_INFINITY;
  }
  return length / looks.length + (OUTSIDE * missed) / probes;
}

/** The least bent cut whose both sides stay inside, else the one that leaves the inside least; as a share of all probes. */
function bestBend(ring: Ring, a: number, b: number, looks: readonly Look[]) {
  const bends = BENDS.flatMap((bendFrom) => BENDS.map((bendTo) => ({ bendFrom, bendTo })));
  bends.sort((p, q) => Math.abs(p.bendFrom) + Math.abs(p.bendTo) - Math.abs(q.bendFrom) - Math.abs(q.bendTo));
  let best: { cut: Cut; missed: number } | undefined;
  for (const bend of bends) {
    const cut: Cut = { from: ring[a].anchor, to: ring[b].anchor, ...bend };
    const missed = missesOf(cut, looks, best?.missed ?? Number.POSITIVE_INFINITY);
    if (!best || missed < best.missed) best = { cut, missed };
    if (missed === 0) break;
  }
  return best!;
}

function missesOf(cut: Cut, looks: readonly Look[], bound: number): number {
  let missed = 0;
  const all = 2 * looks.length * PROBES.length;
  const sides: readonly Ring[] = [
    [
      { anchor: cut.to, beside: 1, kind: CUT, cut },
      { anchor: cut.from, beside: -1, kind: OWN },
    ],
    [
      { anchor: cut.from, beside: 1, kind: CUT, cut },
      { anchor: cut.to, beside: -1, kind: OWN },
    ],
  ];
  const edge = new Float64Array(2 * PER_POINT);
  for (const { loop, at, inside } of looks) {
    for (const side of sides) {
      const [i, j] = ringAnchors(at, side, loop);
      edge.set([loop.x[wrap(i, loop.count)], loop.y[wrap(i, loop.count)]]);
      edge.set([loop.x[wrap(j, loop.count)], loop.y[wrap(j, loop.count)]], PER_POINT);
      bendCuts(edge, new Map([[0, bendOf(cut, side[0].anchor)]]));
      for (const t of PROBES) {
        if (!inside.has(coordinateAt(edge, 0, t, 0), coordinateAt(edge, 0, t, 1))) missed++;
      }
    }
    if (missed / all >= bound) break;
  }
  return missed / all;
}

/** Two rings on both sides of a cut, each reaching a little over to the other side. */
function sidesOf(ring: Ring, a: number, b: number, cut: Cut): readonly [Ring, Ring] {
  const n = ring.length;
  const side = (from: number, to: number): Ring => {
    const [first, last] = [ring[wrap(from, n)].anchor, ring[wrap(to, n)].anchor];
    const between = Array.from({ length: to - from }, (_, k) => ring[wrap(from + k, n)]);
    return [
      { anchor: first, beside: -1, kind: SHARED },
      ...between,
      { anchor: last, beside: 0, kind: SHARED },
      { anchor: last, beside: 1, kind: CUT, cut },
    ];
  };
  return [side(a, b), side(b, a + n)];
}
