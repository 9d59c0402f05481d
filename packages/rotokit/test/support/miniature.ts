import { randomWeights, type VideoModelConfig } from '@rotokit/models';

/** Random weights that say in their metadata what they are: a model small enough for tests, under a real one's name. */
export function miniature(config: VideoModelConfig): Buffer {
  const [first, ...pieces] = [...randomWeights(config)].map((p) => Buffer.from(p));
  const header = JSON.parse(first!.subarray(8).toString()) as Record<string, unknown>;
  const json = JSON.stringify({ __metadata__: { 'rotokit.config': JSON.stringify(config) }, ...header });
  const text = json.padEnd(Math.ceil(json.length / 8) * 8);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([prefix, Buffer.from(text), ...pieces]);
}
