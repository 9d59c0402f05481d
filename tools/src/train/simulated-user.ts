import { type GridPoint, type GridPrompt, labelComponents, squaredDistance } from '@rotokit/embedded/training';
import type { Random } from '../scenes/index.js';

/** A mask of 0s and 1s on a grid. */
interface Plane {
  readonly values: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A connected error: what is missing (`positive`) or too much, with the squared depth of each of its pixels. */
interface Fault {
  readonly positive: boolean;
  readonly depth: Float32Array;
  readonly deepest: number;
}

/** The largest 4-connected error of an answer, or null where it is right. The frame's border has no depth. */
function largestFault(answer: Uint8Array, truth: Plane): Fault | null {
  const { width, height } = truth;
  let best: { area: number; mask: Uint8Array; positive: boolean } | null = null;
  for (const positive of [true, false]) {
    const wanted = positive ? 1 : 0;
    const error = truth.values.map((t, k) => (t !== answer[k] && t === wanted ? 1 : 0));
    const { labels, areas } = labelComponents(error, width, height);
    const id = areas.indexOf(Math.max(...areas));
    if (id > 0 && (!best || areas[id] > best.area))
      best = { area: areas[id], mask: error.map((_, k) => (labels[k] === id ? 1 : 0)), positive };
  }
  if (!best) return null;
  const inner = best.mask.slice();
  for (let k = 0; k < inner.length; k++) {
    const x = k % width;
    if (x === 0 || x === width - 1 || k < width || k >= inner.length - width) inner[k] = 0;
  }
  const depth = squaredDistance(inner, width, height, false);
  for (let k = 0; k < depth.length; k++) depth[k] = best.mask[k] ? depth[k] + 1e-3 : 0;
  return { positive: best.positive, depth, deepest: depth.indexOf(Math.max(...depth)) };
}

/** Somewhere in the fault at least `share` as deep as it gets: people click near the middle, not on it. */
function placeIn(fault: Fault, share: number, random: Random): number {
  const least = fault.depth[fault.deepest] * share * share;
  const places: number[] = [];
  for (let k = 0; k < fault.depth.length; k++) if (fault.depth[k] >= least) places.push(k);
  return places[random.int(0, places.length)];
}

/** A straight stroke between two places of the fault, or null if it would leave it. */
function strokeIn(fault: Fault, width: number, random: Random): GridPrompt | null {
  const at = (k: number): GridPoint => ({ x: k % width, y: Math.floor(k / width) });
  const [from, to] = [at(placeIn(fault, 0.6, random)), at(placeIn(fault, 0.3, random))];
  const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y));
  for (let i = 0; i <= steps; i++) {
    const t = steps ? i / steps : 0;
    const k = Math.round(from.y + t * (to.y - from.y)) * width + Math.round(from.x + t * (to.x - from.x));
    if (fault.depth[k] < 4) return null;
  }
  const radius = Math.min(random.range(1, 5), Math.sqrt(fault.depth[fault.deepest]) * 0.6);
  return { kind: 'brush', path: [from, to], radius, positive: fault.positive };
}

/** How a simulated user works. */
export interface Hand {
  /** Least depth of a click as a part of the deepest: 1 clicks on the very middle. */
  readonly share: number;
  /** How often a stroke is drawn instead of a click, 0..1. */
  readonly strokes: number;
}

/** What a person would say next about an answer: something on its largest error, or null where it is right. */
export function nextPrompt(answer: Uint8Array, truth: Plane, hand: Hand, random: Random): GridPrompt | null {
  const fault = largestFault(answer, truth);
  if (!fault) return null;
  const stroke = random.chance(hand.strokes) ? strokeIn(fault, truth.width, random) : null;
  if (stroke) return stroke;
  const k = hand.share >= 1 ? fault.deepest : placeIn(fault, hand.share, random);
  const at = { x: k % truth.width, y: Math.floor(k / truth.width) };
  return { kind: 'point', at, positive: fault.positive };
}

/** A box as a person draws it: about a pixel outside, each side off by up to `slack` of the object's size. */
export function looseBox(truth: Plane, slack: number, random: Random): GridPrompt {
  let [x0, y0, x1, y1] = [truth.width, truth.height, -1, -1];
  truth.values.forEach((v, k) => {
    if (!v) return;
    const [x, y] = [k % truth.width, Math.floor(k / truth.width)];
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
  });
  const off = (side: number): number => 1 + random.range(-0.3, 1) * slack * side;
  const [w, h] = [x1 - x0, y1 - y0];
  return { kind: 'box', from: { x: x0 - off(w), y: y0 - off(h) }, to: { x: x1 + off(w), y: y1 + off(h) } };
}
