/** The main job as a program: one click, tracking, mattes on disk. */
import { openRoto } from 'rotokit';
import { output, sampleClick, sampleClip } from './support.ts';

await using roto = await openRoto(sampleClip);
const fox = roto.object('fox');
await fox.click({ frame: roto.numbers.first, ...(await sampleClick()) });

const range = { last: roto.numbers.first + 11 };
for await (const done of roto.track(range)) {
  console.log(`${done.frame} ${done.object} ${done.confidence.toFixed(2)} ${done.reasons.join(' ')}`);
}
const { files } = await roto.export('exr', output('01'), range);
console.log(`${files.exr?.length} EXR files`);
