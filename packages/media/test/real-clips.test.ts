import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { frameIndex, frameRange } from '@rotokit/core/values';
import { expect, it } from 'vitest';
import { describeWithData } from '../../../tests/support/needs.js';
import { openClip } from '../src/index.js';

const hash = (samples: Uint8Array) => createHash('sha1').update(samples).digest('hex');

describeWithData('clips/real', 'real clips', (folder) => {
  it.each(['01_dog.mp4', '02_cups.mp4', '05_default_juggle.mp4'])(
    '%s: a frame read at random equals the frame read in order',
    async (file) => {
      const path = resolve(folder, file);
      const inOrder: string[] = [];
      const walked = await openClip(path);
      for await (const f of walked.frames(frameRange(0, walked.info.frames))) inOrder.push(hash(f.picture.samples));
      await walked.close();

      // A reader of its own, so that nothing walked before can help; jumps, then back from the end, then back to the start.
      const jumped = await openClip(path);
      const count = jumped.info.frames;
      const jumps = Array.from({ length: 12 }, (_, n) => (n * 7919) % count);
      const back = (from: number, n: number) => Array.from({ length: n }, (_, i) => from - i);
      for (const i of [...jumps, ...back(count - 1, 8), ...back(5, 6)]) {
        const { picture } = await jumped.read(frameIndex(i));
        expect([i, hash(picture.samples)]).toEqual([i, inOrder[i]]);
      }
      await jumped.close();
      expect(inOrder).toHaveLength(count);
      expect(new Set(inOrder).size).toBeGreaterThan(count / 2);
    },
    600_000,
  );
});
