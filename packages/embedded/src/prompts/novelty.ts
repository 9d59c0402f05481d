import type { PromptArithmetic } from './arithmetic.js';
import type { HardLabels } from './labels.js';
import type { PromptScene } from './scene.js';
import { modelOf, noveltyAgainst } from './surroundings.js';

/** Part of the inside of a box that becomes a soft start, and how far out (relative radius) it may lie. */
const CORE = 0.12;
const REACH = 0.7;

/** Novelty against what lies outside the box; as it is where hardly anything does. */
export function boxNovelty(scene: PromptScene, outside: Uint8Array, out: Float32Array, a: PromptArithmetic): void {
  const model = modelOf(scene.lab, out.length, (k) => outside[k] === 1, 8, 3000, a);
  if (model) noveltyAgainst(model, scene.lab, out);
}

/**
 * A box without positive labels: the newest, most moving and most central pixels inside it start the walks. In place.
 */
export function seedsInBox(scene: PromptScene, labels: HardLabels, novelty: Float32Array, seeds: Int8Array): void {
  const { width, height, motion } = scene;
  const { from, to } = labels.box!;
  const [cx, cy] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const [rx, ry] = [(to.x - from.x) / 2 + 1, (to.y - from.y) / 2 + 1];
  const found: { k: number; score: number }[] = [];
  for (let y = 0, k = 0; y < height; y++)
    for (let x = 0; x < width; x++, k++) {
      const d = Math.hypot((x - cx) / rx, (y - cy) / ry);
      if (d > REACH || seeds[k] !== 0) continue;
      const moves = motion ? Math.min(3, Math.hypot(motion.ru[k], motion.rv[k])) : 0;
      found.push({ k, score: 0.9 * novelty[k] + moves - 1.5 * d });
    }
  found.sort((p, q) => q.score - p.score || p.k - q.k);
  for (const { k } of found.slice(0, Math.ceil(found.length * CORE))) seeds[k] = 1;
}
