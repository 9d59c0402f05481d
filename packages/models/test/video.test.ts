import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { floatValues, headerLength, readHeader } from '@rotokit/graph';
import { openNodeInference } from '@rotokit/ort/node';
import { describe, expect, it } from 'vitest';
import { CONFIGS } from '../../../tools/src/parity/configs.js';
import { randomFile } from '../../../tools/src/parity/networks.js';
import {
  HIDE,
  iou,
  openAll,
  ReferenceSession,
  SCENE_FRAMES,
  SCORE_BIAS,
  sceneFrame,
  sceneSteps,
} from '../../../tools/src/parity/video.js';
import { gridOf } from '../src/index.js';

const recordedOf = (name: string) => {
  const bytes = readFileSync(resolve(import.meta.dirname, `goldens/${name}-video.safetensors`));
  const { tensors } = readHeader(bytes.subarray(8, 8 + headerLength(bytes, bytes.length)), bytes.length);
  const raw = (tensor: string) => {
    const { offset, length } = tensors.get(tensor)!;
    return bytes.subarray(offset, offset + length);
  };
  return { bits: raw('bits'), scores: floatValues('scores', tensors.get('scores')!, raw('scores')) };
};

describe.each(Object.keys(HIDE).filter((name) => name.startsWith('mini-')))('%s', (name) => {
  it('tracks 30 frames, through hiding, a correction, and back, as the reference does', async () => {
    const config = CONFIGS[name];
    const recorded = recordedOf(name);
    const file = await randomFile(config, { [SCORE_BIAS]: -HIDE[name] });
    const ort = await openNodeInference({ threads: 1 });
    try {
      const session = new ReferenceSession(await openAll(ort, config, file), config, SCENE_FRAMES);
      const steps = sceneSteps(config.imageSize);
      const pixels = (4 * gridOf(config)) ** 2;
      const poor: string[] = [];
      let hidden = 0;
      for (const [i, step] of steps.entries()) {
        const { mask, score } = await session.step(step, sceneFrame(step.frame, config.imageSize));
        const inside = (p: number) => ((recorded.bits[(i * pixels + p) >> 3]! >> ((i * pixels + p) & 7)) & 1) === 1;
        const overlap = iou(mask, inside);
        if (overlap < 0.999) poor.push(`step ${i}, frame ${step.frame}: IoU ${overlap}`);
        expect(Math.abs(score - recorded.scores[i]!)).toBeLessThan(1e-4);
        if (score <= 0) hidden++;
      }
      expect(poor).toEqual([]);
      expect(recorded.scores).toHaveLength(steps.length);
      expect([hidden > 0, hidden < steps.length - 4]).toEqual([true, true]);
    } finally {
      await ort.close();
      await file.remove();
    }
  });
});
