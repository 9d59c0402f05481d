/** A correction becomes an anchor: it stays as it is, and only the frames beside it are tracked again. */
import { openRoto } from 'rotokit';
import { output, sampleClick, sampleClip } from './support.ts';

await using roto = await openRoto(sampleClip, { project: `${output('02')}/fox.roto` });
const fox = roto.object('fox');
const { first } = roto.numbers;
await fox.click({ frame: first, ...(await sampleClick()) });
const range = { last: first + 15 };
let tracked = 0;
for await (const _ of roto.track(range)) tracked++;
console.log(`${tracked} frames from one anchor`);

for (const item of roto.review()) console.log(`look at ${item.object} ${item.frame}: ${item.reasons.join(', ')}`);

// The answer on frame 8 is confirmed by the user: from now on it is theirs.
const confirmed = await fox.maskOn(first + 8);
if (confirmed) await fox.mask(first + 8, confirmed);
let again = 0;
for await (const _ of roto.track(range)) again++;
console.log(`${again} frames beside the new anchor were tracked again`);
console.log(`undone: ${await roto.undo()}`);
