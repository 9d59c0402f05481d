/** What re-use gains in the product: the second click on a frame finds the frame prepared. */
import { timed } from '@rotokit/core/resources';
import { openRoto } from 'rotokit';
import { sampleClick, sampleClip } from '../support.ts';

await using roto = await openRoto(sampleClip, { engine: 'embedded' });
const frame = roto.numbers.first;
await roto.prepare(frame + 4); // the first click of a process also compiles
const at = await sampleClick();
const click = (frame: number, x: number) =>
  timed(
    () => performance.now(),
    () => roto.object('fox').click({ frame, x, y: at.y }),
  );
const first = await click(frame, at.x);
const second = await click(frame, at.x + 3);
console.log(`first click ${first.ms.toFixed(0)} ms, second click on the frame ${second.ms.toFixed(0)} ms`);
