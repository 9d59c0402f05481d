/**
 * The victim: opens or makes the project named on the command line and commits frames as fast as it can, beginning
 * with the first that is missing. Writes a line for each thing only after the project has said that it is kept.
 */
import { existsSync, writeSync } from 'node:fs';
import { addObject, changeObject, clipRecord, RotoDocument, setAnchor } from '@rotokit/core/project';
import { frameIndex } from '@rotokit/core/values';
import { createRoto, openRoto } from '@rotokit/store';
import { TRIAL_SIZE, trialMask } from './seeded.js';

const FRAMES = 100_000;
const [, , file] = process.argv;
const say = (line: string) => writeSync(1, `${line}\n`);

const clip = { path: 'plate.mov', size: TRIAL_SIZE, frames: FRAMES, rate: { num: 24, den: 1 }, first: 1001 };
const doc = await RotoDocument.open(
  existsSync(file) ? await openRoto(file) : await createRoto(file, [clipRecord(clip)]),
);
for (const name of ['a', 'b'])
  if (!doc.project.hasObject(name)) await doc.edit(`add ${name}`, (p) => addObject(p, { name }));
const objects = ['a', 'b'].map((name) => doc.project.object(name).id);
say('ready');

const run = await doc.startRun({ engine: 'trial', provenance: { version: 1 }, parameters: {} });
for (let frame = doc.project.trackedFrames(objects[1]).length; frame < FRAMES; frame++) {
  await doc.keepTracked(
    run,
    objects.map((object, k) => ({
      object,
      frame: frameIndex(frame),
      mask: trialMask(frame, k),
      basis: '',
      signals: { score: 1, state: 'tracked' },
      confidence: 1,
      reasons: [],
    })),
  );
  say(`frame ${frame}`);
  if (frame % 3 !== 0) continue;
  const origin = { made: 'painted' } as const;
  await doc.edit('fix', (p) => setAnchor(p, objects[0], frameIndex(frame), trialMask(frame, 2), origin));
  say(`anchor ${frame}`);
  if (frame % 9 !== 0) continue;
  await doc.edit('mistake', (p) => changeObject(p, objects[0], { priority: frame + 1 }));
  await doc.undo();
  say(`undone ${frame}`);
}
