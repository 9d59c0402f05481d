import { statSync } from 'node:fs';
import path from 'node:path';
import { forgetTracked, RotoDocument } from '@rotokit/core/project';
import { frameIndex } from '@rotokit/core/values';
import { openRoto } from '@rotokit/store';
import { expect, it } from 'vitest';
import { scratchFolder } from './support/scratch.js';
import { TRIAL_RUN, trialProject, trialResult } from './support/trial.js';

const folder = scratchFolder();

it('tracking the same frames again does not make the file grow, and forgetting them makes it small again', async () => {
  const file = path.join(folder, 'shot.roto');
  const { doc, hero } = await trialProject(file);
  await doc.close();
  const empty = statSync(file).size;
  const sizes: number[] = [];
  for (let round = 0; round < 3; round++) {
    const again = await RotoDocument.open(await openRoto(file));
    const run = await again.startRun(TRIAL_RUN);
    for (let from = 0; from < 200; from += 100)
      await again.keepTracked(
        run,
        Array.from({ length: 100 }, (_, i) => trialResult(hero, from + i)),
      );
    await again.close();
    sizes.push(statSync(file).size);
  }
  expect(sizes[0]).toBeGreaterThan(2 * empty);
  expect(sizes[2]).toBeLessThan(1.1 * sizes[0]);
  const last = await RotoDocument.open(await openRoto(file));
  await last.changeTracked((p) => forgetTracked(p, hero));
  expect(await last.mask(hero, frameIndex(0))).toBeUndefined();
  await last.close();
  expect(statSync(file).size).toBeLessThan(empty + 0.2 * (sizes[0] - empty));
});
