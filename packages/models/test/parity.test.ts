import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Inference } from '@rotokit/core/ports';
import { openNodeInference } from '@rotokit/ort/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare } from '../../../tools/src/parity/compare.js';
import { CONFIGS, MINIATURES } from '../../../tools/src/parity/configs.js';
import { type RandomFile, randomFile } from '../../../tools/src/parity/networks.js';
import { readRecorded } from '../../../tools/src/parity/recorded.js';

/** Largest difference relative to the root mean square of the recorded values. */
const TOLERANCE = 1e-4;
/** SAM 2.1's memories are rounded to bfloat16: a last bit may fall to the other side. */
const ROUNDED = 2e-2;

/** Intermediates that ours are compared with, at least: a renamed tap must not pass unseen. */
const COMPARED = {
  'mini-sam2.1-hiera-tiny': 320,
  'mini-sam2.1-hiera-small': 340,
  'mini-sam2.1-hiera-base-plus': 390,
  'mini-sam2.1-hiera-large': 530,
  'mini-edgetam': 380,
} as const;

describe.each(MINIATURES)('%s', (name) => {
  const config = CONFIGS[name];
  const recorded = readRecorded(readFileSync(resolve(import.meta.dirname, `goldens/${name}.safetensors`)));
  let ort: Inference;
  let file: RandomFile;
  beforeAll(async () => {
    ort = await openNodeInference({ threads: 1 });
    file = await randomFile(config);
  });
  afterAll(async () => {
    await ort.close();
    await file.remove();
  });

  const worst = (differences: ReadonlyMap<string, number>) =>
    [...differences].filter(
      ([key, d]) => !(d <= (config.memory.rounds && key.endsWith('out:memory') ? ROUNDED : TOLERANCE)),
    );

  it('computes every intermediate that the reference computes', async () => {
    const { differences } = await compare(ort, config, file, recorded, 'paper');
    expect(worst(differences)).toEqual([]);
    expect(differences.size).toBeGreaterThanOrEqual(COMPARED[name as keyof typeof COMPARED]);
  });

  it('keeps its results when it is rewritten to do less', async () => {
    const { differences } = await compare(ort, config, file, recorded, 'fast');
    expect(worst(differences)).toEqual([]);
    const outputs = [...recorded.keys()].filter((key) => key.includes('/out:'));
    expect([...differences.keys()]).toEqual(expect.arrayContaining(outputs));
  });
});
