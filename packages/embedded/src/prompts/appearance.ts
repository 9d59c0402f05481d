/** What an estimate of the object says about every pixel: its colours against the rest's, its motion against the camera's. */
import { evenSamples } from '../primitives/index.js';
import { clamp, type PromptArithmetic } from './arithmetic.js';
import type { PromptScene } from './scene.js';

/** Fewer pixels than this have no colour model. */
const FEWEST = 40;
const OBJECT = { components: 5, samples: 2000 };
const REST = { components: 8, samples: 3000 };
const ROUNDS = 5;

/** Evidence on the quarter grid. */
export interface Appearance {
  /** ln of the object's over the rest's colour density, -4..4; 0 without models. */
  readonly colour: Float32Array;
  /** Half the log ratio of "moves like the camera" to "moves like the object", -3..3; 0 for a still. */
  readonly motion: Float32Array;
  /** Speed of the object against the camera, half-grid pixels per frame. */
  readonly speed: number;
}

function listOf(mask: Uint8Array, value: 0 | 1): Int32Array {
  const list = new Int32Array(mask.length);
  let n = 0;
  for (let k = 0; k < mask.length; k++) if (mask[k] === value) list[n++] = k;
  return list.subarray(0, n);
}

function colourRatio(scene: PromptScene, estimate: Uint8Array, a: PromptArithmetic): Float32Array {
  const out = new Float32Array(estimate.length);
  const [inside, outside] = [listOf(estimate, 1), listOf(estimate, 0)];
  if (inside.length < FEWEST || outside.length < FEWEST) return out;
  const fit = (list: Int32Array, o: typeof OBJECT) =>
    a.fitColourModel(evenSamples(scene.lab, list, list.length, o.samples), o.components, ROUNDS);
  a.logRatios(fit(inside, OBJECT), fit(outside, REST), scene.lab, out);
  return out;
}

/** Mean residual motion of the estimate and its variance, or null. */
function objectMotion(ru: Float32Array, rv: Float32Array, estimate: Uint8Array) {
  let [u, v, n, variance] = [0, 0, 0, 0];
  for (let k = 0; k < estimate.length; k++) {
    if (!estimate[k]) continue;
    u += ru[k];
    v += rv[k];
    n++;
  }
  if (n === 0) return null;
  u /= n;
  v /= n;
  for (let k = 0; k < estimate.length; k++) if (estimate[k]) variance += (ru[k] - u) ** 2 + (rv[k] - v) ** 2;
  // 0.3: the flow's own noise, without which a rigid object would tolerate none.
  return { u, v, variance: variance / n + 0.3 };
}

/** Reads the scene against an estimate (0 or 1 on the quarter grid). */
export function appearanceOf(scene: PromptScene, estimate: Uint8Array, a: PromptArithmetic): Appearance {
  const colour = colourRatio(scene, estimate, a);
  const motion = new Float32Array(estimate.length);
  const object = scene.motion && objectMotion(scene.motion.ru, scene.motion.rv, estimate);
  if (!scene.motion || !object) return { colour, motion, speed: 0 };
  const { ru, rv } = scene.motion;
  const square = object.u ** 2 + object.v ** 2;
  for (let k = 0; k < motion.length; k++) {
    const own = ((ru[k] - object.u) ** 2 + (rv[k] - object.v) ** 2) / object.variance;
    const camera = (ru[k] ** 2 + rv[k] ** 2) / (0.3 + 0.02 * square);
    motion[k] = clamp(0.5 * (camera - own), 3);
  }
  return { colour, motion, speed: Math.sqrt(square) };
}
