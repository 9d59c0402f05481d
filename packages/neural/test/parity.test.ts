import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { floatValues, headerLength, readHeader } from '@rotokit/graph';
import { gridOf } from '@rotokit/models';
import { openNodeInference } from '@rotokit/ort/node';
import { describe, expect, it } from 'vitest';
import { CONFIGS } from '../../../tools/src/parity/configs.js';
import { randomFile } from '../../../tools/src/parity/networks.js';
import { HIDE, iou, openAll, SCORE_BIAS, trackScene } from '../../../tools/src/parity/video.js';

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
  it('tracks three objects over 30 frames, through hiding, a correction, and back, as the reference does', async () => {
    const config = CONFIGS[name]!;
    const recorded = recordedOf(name);
    const file = await randomFile(config, { [SCORE_BIAS]: -HIDE[name]! });
    const ort = await openNodeInference({ threads: 1 });
    try {
      const pixels = (4 * gridOf(config)) ** 2;
      const poor: string[] = [];
      let [i, hidden] = [0, 0];
      for await (const answers of trackScene(await openAll(ort, config, file)))
        for (const { object, frame, logits, facts } of answers) {
          const inside = (p: number) => ((recorded.bits[(i * pixels + p) >> 3]! >> ((i * pixels + p) & 7)) & 1) === 1;
          const overlap = iou(logits, inside);
          if (overlap < 0.999) poor.push(`answer ${i}, frame ${frame}, object ${object}: IoU ${overlap}`);
          expect(Math.abs(facts.objectScore - recorded.scores[i]!), `answer ${i}`).toBeLessThan(1e-4);
          if (!facts.present) hidden++;
          i++;
        }
      expect(poor).toEqual([]);
      expect(recorded.scores).toHaveLength(i);
      expect([hidden > 0, hidden < i - 4]).toEqual([true, true]);
    } finally {
      await ort.close();
      await file.remove();
    }
  });
});
