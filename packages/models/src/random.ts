import { anyWeights, headerBytes, nodesOf } from '@rotokit/graph';
import type { VideoModelConfig } from './config.js';
import { PARTS, paperGraph } from './graphs.js';

/** First match decides: pattern of the name, centre, amplitude; no amplitude stands for sqrt(3 / fan-in). */
const RULES: readonly (readonly [RegExp, number, number?])[] = [
  [/running_var$/, 1, 0.3],
  [/bn\.weight$/, 0.7, 0.2],
  [/(norm\d?|norm_\w+)\.weight$/, 1, 0.2],
  [/\.(bias|running_mean)$/, 0, 0.2],
  [/\.scale$/, 0, 0.5],
  [/positional_embedding$/, 0, 1.5],
  [/(token|tokens|embed|embedding)\.weight$/, 0, 0.7],
  [/(pos_embed|pos_embed_window|latents_1d|latents_2d)$/, 0, 0.7],
  [/^(no_|memory_temporal|occlusion)/, 0, 0.7],
  [/^input\./, 0, 1.5],
  [/(?:)/, 0],
];

/** FNV-1a of an ASCII name. */
function seedOf(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * Numbers that depend on a name and a shape alone, scaled as layers of that name want them: random weights for tests and
 * timing. tools/parity makes the same, bit for bit, for the reference.
 */
export function randomTensor(name: string, shape: readonly number[]): Float32Array {
  const [, centre, spread] = RULES.find(([pattern]) => pattern.test(name))!;
  const amplitude =
    spread ??
    Math.sqrt(
      3 /
        Math.max(
          1,
          shape.slice(1).reduce((a, b) => a * b, 1),
        ),
    );
  const seed = seedOf(name);
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < data.length; i++) {
    let h = (Math.imul(i, 0x9e3779b1) + seed) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    data[i] = centre + amplitude * (((h ^ (h >>> 16)) >>> 0) * 2 ** -31 - 1);
  }
  return data;
}

/** Every tensor of the weights file that the graphs of a model need, with the shape it has there. */
export function weightShapes(config: VideoModelConfig): Map<string, readonly number[]> {
  const nodes = PARTS.flatMap((part) => nodesOf(paperGraph(part, config, anyWeights)));
  const weights = nodes.filter((n) => n.op === 'weight');
  return new Map(weights.map((n) => [String(n.attributes.tensor), n.attributes.shape as readonly number[]]));
}

/** A .safetensors file of random weights for a model, piece by piece: the header first, then one piece a tensor. */
export function* randomWeights(config: VideoModelConfig): Generator<Uint8Array> {
  const shapes = weightShapes(config);
  yield headerBytes(shapes);
  for (const [name, shape] of shapes) yield new Uint8Array(randomTensor(name, shape).buffer);
}
