import type { Inference, Tensors } from '@rotokit/core/ports';
import { attentionInPieces, rewrite, weightsOf } from '@rotokit/graph';
import {
  fastGraph,
  gridOf,
  isAmbiguous,
  type Part,
  SAM2_TINY,
  sam2Choice,
  type VideoModelConfig,
} from '@rotokit/models';
import { openNodeInference } from '@rotokit/ort/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFIGS } from '../../../tools/src/parity/configs.js';
import { f32, given, i64, load, type RandomFile, randomFile } from '../../../tools/src/parity/networks.js';
import { NEEDS_CHROMIUM, TestPage } from './support/chromium.js';

/** One click on a picture: encode, then decode; every output of both. */
async function click(ort: Inference, config: VideoModelConfig, file: RandomFile): Promise<Tensors> {
  const graph = (part: Part) => rewrite(fastGraph(part, config, weightsOf(file.header)), [attentionInPieces()]);
  const encode = await load(ort, graph('encode'), file);
  const picture = await encode.run({ image: given('image', 1, 3, config.imageSize, config.imageSize) });
  await encode.close();
  const side = 4 * gridOf(config);
  const decode = await load(ort, graph('decode'), file);
  const answer = await decode.run({
    ...{ features: picture.features!, s1: picture.s1!, s0: picture.s0! },
    points: f32(Float32Array.of(0.4 * config.imageSize, 0.6 * config.imageSize), [1, 2]),
    labels: i64(1),
    mask_prompt: f32(new Float32Array(side * side), [1, 1, side, side]),
    mask_given: f32(Float32Array.of(0), [1]),
    first: f32(Float32Array.of(1), [1]),
  });
  await decode.close();
  return { ...picture, ...answer };
}

/** The largest difference of each output, relative to the root mean square of its values. */
const differences = (one: Tensors, two: Tensors) =>
  Object.entries(one).map(([name, tensor]) => {
    const [a, b] = [tensor.data as Float32Array, two[name]!.data as Float32Array];
    const size = Math.sqrt(a.reduce((sum, v) => sum + v * v, 0) / a.length);
    return [name, a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]!)), 0) / size] as const;
  });

const title = `models in Chromium${NEEDS_CHROMIUM ? ` [needs ${NEEDS_CHROMIUM}]` : ''}`;
describe.skipIf(NEEDS_CHROMIUM)(title, () => {
  const shared = {} as { page: TestPage; web: Inference; node: Inference };
  beforeAll(async () => {
    shared.page = await TestPage.start();
    shared.web = await shared.page.open({ threads: 2 });
    shared.node = await openNodeInference({ threads: 2 });
  });
  afterAll(async () => {
    await shared.node?.close();
    await shared.page?.stop();
  });

  it.each(['mini-sam2.1-hiera-tiny', 'mini-edgetam'])('encodes and decodes with %s as Node does', async (name) => {
    const config = CONFIGS[name]!;
    const file = await randomFile(config);
    try {
      const there = await click(shared.web, config, file);
      const here = await click(shared.node, config, file);
      expect(Object.keys(there)).toEqual(Object.keys(here));
      for (const [output, difference] of differences(here, there)) expect(difference, output).toBeLessThan(1e-4);
    } finally {
      await file.remove();
    }
  });

  it('answers a click with a full-size SAM 2.1-tiny of random weights', async () => {
    const file = await randomFile(SAM2_TINY);
    try {
      const answer = await click(shared.web, SAM2_TINY, file);
      expect(answer.masks!.shape).toEqual([4, 256, 256]);
      const masks = answer.masks!.data as Float32Array;
      expect(masks.every(Number.isFinite)).toBe(true);
      const [objectScore] = answer.object_score!.data as Float32Array;
      const ious = answer.ious!.data as Float32Array;
      const { mask } = sam2Choice({ masks, ious, objectScore: objectScore! }, isAmbiguous(1));
      const chosen = masks.subarray(mask * 65536, (mask + 1) * 65536);
      expect(Math.max(...chosen)).toBeGreaterThan(Math.min(...chosen));
    } finally {
      await file.remove();
    }
  });
});
