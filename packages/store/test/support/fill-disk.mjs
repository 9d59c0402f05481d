// Commits frames until the disk is full (a limit on file sizes plays the disk), then says how many were kept.
import { addObject, clipRecord, RotoDocument } from '@rotokit/core/project';
import { softMask } from '@rotokit/core/values';
import { createRoto } from '@rotokit/store';

process.on('SIGXFSZ', () => {}); // the write fails instead of the process
const size = { width: 64, height: 64 };
const noise = (frame) =>
  Uint16Array.from({ length: 4096 }, (_, i) => (Math.imul(i + frame * 4096 + 1, 2654435761) >>> 16) | 1);
const clip = clipRecord({ path: 'a.mov', size, frames: 1000, rate: { num: 24, den: 1 }, first: 1 });
const doc = await RotoDocument.open(await createRoto(process.argv[2], [clip]));
await doc.edit('add', (p) => addObject(p, { name: 'a' }));
const object = doc.project.object('a').id;
const run = await doc.startRun({ engine: 'trial', provenance: {}, parameters: {} });
let kept = 0;
const result = (frame) => ({
  object,
  frame,
  mask: softMask(size, { x0: 0, y0: 0, x1: 64, y1: 64 }, noise(frame)),
  basis: 'b',
  signals: { score: 1, state: 'tracked' },
  confidence: 1,
  reasons: [],
});
const refusals = [];
while (refusals.length < 3 && kept < 1000) {
  try {
    await doc.keepTracked(run, [result(kept)]);
    kept++;
  } catch (error) {
    refusals.push(error.code);
  }
}
const last = await doc.mask(object, kept - 1);
const wanted = noise(kept - 1);
const readable = last?.values.every((v, i) => v === wanted[i]);
const known = doc.project.trackedFrames(object).length;
await doc.close();
console.log(JSON.stringify({ kept, known, refusals, readable }));
