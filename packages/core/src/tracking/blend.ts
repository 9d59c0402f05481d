import {
  type Box,
  boxGrow,
  boxHeight,
  boxIntersect,
  boxIsEmpty,
  boxUnion,
  boxWidth,
  MASK_HALF,
  MASK_ONE,
  maskIou,
  maskTrim,
  type SoftMask,
} from '../values/index.js';
import type { BlendSettings } from './settings.js';
import { signedDistanceTo } from './signed-distance.js';

/** One direction's answer for a frame. */
export interface DirectedAnswer {
  readonly mask: SoftMask;
  /** 0 to 1. */
  readonly confidence: number;
  /** Frames between it and the anchor it comes from, at least 1. */
  readonly steps: number;
}

/** Two answers as one. */
export interface BlendedAnswer {
  readonly mask: SoftMask;
  /** IoU of the two answers. */
  readonly agreement: number;
  /** Share of the first answer in the result, 0 to 1. */
  readonly weight: number;
}

/** Confidences are kept off 0 so that two hopeless answers still compare. */
const LEAST = 0.02;

/**
 * Blends the answers of two directions for one frame. Each counts by how near its anchor is and by its confidence. Where
 * they agree, the outline runs between theirs (signed distances, weighted); the less they agree, the more the stronger
 * one decides alone, because the middle between two different shapes is no shape: two masks that each hold another
 * remnant of an object would blend into nothing. Soft edges stay as soft as they were.
 */
export function blendAnswers(a: DirectedAnswer, b: DirectedAnswer, settings: BlendSettings): BlendedAnswer {
  const agreement = maskIou(a.mask, b.mask);
  const weight = decide(shareOf(a, b, settings.trust), agreement, settings);
  if (weight > 0.999) return { mask: a.mask, agreement, weight: 1 };
  if (weight < 0.001) return { mask: b.mask, agreement, weight: 0 };
  const reach = Math.min(200, Math.max(4, settings.reach * a.mask.size.height));
  return { mask: blendMasks(a.mask, b.mask, weight, reach), agreement, weight };
}

/** The first answer's share before agreement is looked at: nearness times confidence to the power of `trust`. */
function shareOf(a: DirectedAnswer, b: DirectedAnswer, trust: number): number {
  const strength = (p: DirectedAnswer) => Math.max(LEAST, p.confidence) ** trust / p.steps;
  const [p, q] = [strength(a), strength(b)];
  return p / (p + q);
}

/** Sharpens a share towards 0 or 1 as agreement falls from `agree` to `disagree`. An exact tie goes to the first. */
function decide(share: number, agreement: number, { agree, disagree }: BlendSettings): number {
  const doubt = Math.min(1, Math.max(0, (agree - agreement) / (agree - disagree)));
  if (doubt === 1) return share >= 0.5 ? 1 : 0;
  const sharp = 1 / (1 - doubt);
  const [p, q] = [share ** sharp, (1 - share) ** sharp];
  return p / (p + q);
}

/**
 * The mask whose outline lies between two others. The outline comes from their signed distances; on both sides of it
 * the mask falls off as theirs do on average at that distance, and what is peculiar to a place (hair, blur) is added
 * where the new outline stays close to the one it belongs to. Where both say the same, that is the answer.
 * @param weight share of the first, 0 to 1.
 * @param reach distance in pixels at which one mask stops pulling at the other's outline.
 */
export function blendMasks(a: SoftMask, b: SoftMask, weight: number, reach: number): SoftMask {
  const box = boxGrow(boxUnion(a.window, b.window), 1, a.size);
  if (boxIsEmpty(box)) return a;
  const [p, q] = [windowOf(a, box), windowOf(b, box)];
  const active = activePixels(p, q);
  if (!active.some((k) => p[k] !== q[k])) return a;
  const [sideA, sideB] = [sideOf(p, active, boxWidth(box), reach), sideOf(q, active, boxWidth(box), reach)];
  const values = p.slice();
  for (let i = 0; i < active.length; i++) {
    const k = active[i];
    if (p[k] === q[k]) continue;
    const s = weight * sideA.distance[i] + (1 - weight) * sideB.distance[i];
    const v = weight * valueAt(sideA, p[k], i, s) + (1 - weight) * valueAt(sideB, q[k], i, s);
    values[k] = Math.min(MASK_ONE, Math.max(0, Math.round(v)));
  }
  return maskTrim({ size: a.size, window: box, values });
}

/** Pixels over which the peculiarities of a place fade out as the new outline moves away from it. */
const DETAIL_REACH = 3;

/** One of two masks on the pixels that matter: their distances to its outline and its usual value at a distance. */
interface Side {
  readonly distance: Float32Array;
  readonly profile: (distance: number) => number;
}

/** Pixels on which the masks differ, and those of their soft edges, which show how they fall off. */
function activePixels(p: Uint16Array, q: Uint16Array): Int32Array {
  const list = new Int32Array(p.length);
  let n = 0;
  for (let k = 0; k < p.length; k++) if (p[k] !== q[k] || (p[k] !== 0 && p[k] !== MASK_ONE)) list[n++] = k;
  return list.subarray(0, n);
}

function sideOf(values: Uint16Array, active: Int32Array, width: number, reach: number): Side {
  const inside = new Uint8Array(values.length);
  for (let k = 0; k < values.length; k++) inside[k] = values[k] >= MASK_HALF ? 1 : 0;
  const distanceOf = signedDistanceTo(inside, width, reach);
  const distance = new Float32Array(active.length);
  for (let i = 0; i < active.length; i++) distance[i] = distanceOf(active[i]);
  return { distance, profile: profileOf(values, active, distance, reach) };
}

/** What a mask would say if its outline ran at distance `s` from the i-th active pixel. */
function valueAt({ distance, profile }: Side, value: number, i: number, s: number): number {
  const near = 1 - Math.abs(distance[i] - s) / DETAIL_REACH;
  return near > 0 ? profile(s) + near * (value - profile(distance[i])) : profile(s);
}

function windowOf(mask: SoftMask, box: Box): Uint16Array {
  const values = new Uint16Array(boxWidth(box) * boxHeight(box));
  const w = boxIntersect(mask.window, box);
  const [to, from] = [boxWidth(box), boxWidth(mask.window)];
  for (let y = w.y0; y < w.y1; y++) {
    const k = (y - mask.window.y0) * from + w.x0 - mask.window.x0;
    values.set(mask.values.subarray(k, k + boxWidth(w)), (y - box.y0) * to + w.x0 - box.x0);
  }
  return values;
}

/**
 * Mean value of a mask as a function of the signed distance to its outline, in steps of a pixel with straight lines
 * between them. Distances that do not occur take the nearest that does.
 */
function profileOf(values: Uint16Array, active: Int32Array, distance: Float32Array, reach: number) {
  const middle = Math.ceil(reach) + 1;
  const sum = new Float64Array(2 * middle + 1);
  const count = new Float64Array(2 * middle + 1);
  for (let n = 0; n < active.length; n++) {
    const t = distance[n] + middle - 0.5;
    const i = Math.floor(t);
    const value = values[active[n]];
    sum[i] += (i + 1 - t) * value;
    count[i] += i + 1 - t;
    sum[i + 1] += (t - i) * value;
    count[i + 1] += t - i;
  }
  // Bin i stands for the distance i + 0.5 - middle, so that the pixels next to the outline have bins of their own.
  const mean = sum.map((v, i) => (count[i] > 0 ? v / count[i] : Number.NaN));
  for (let i = middle; i < mean.length; i++) if (Number.isNaN(mean[i])) mean[i] = i === middle ? MASK_ONE : mean[i - 1];
  for (let i = middle - 1; i >= 0; i--) if (Number.isNaN(mean[i])) mean[i] = i === middle - 1 ? 0 : mean[i + 1];
  return (s: number): number => {
    const t = s + middle - 0.5;
    const i = Math.floor(t);
    return mean[i] + (t - i) * (mean[i + 1] - mean[i]);
  };
}
