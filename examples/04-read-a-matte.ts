/** Mattes are plain EXR: read one back and measure it. */
import { readFileSync } from 'node:fs';
import { maskArea } from '@rotokit/core/values';
import { decodeExr, maskFromExr } from '@rotokit/formats';
import { openRoto } from 'rotokit';
import { output, sampleClip, sampleTruth } from './support.ts';

await using roto = await openRoto(sampleClip);
const { first } = roto.numbers;
await roto.object('fox').mask(first, await sampleTruth(0));
for await (const _ of roto.track({ last: first + 3 }));
const { files } = await roto.export('exr', output('04'), { last: first + 3 });
for (const path of files.exr ?? []) {
  const image = decodeExr(readFileSync(path));
  for (const channel of image.channels)
    console.log(`${path}  ${channel.name}  ${maskArea(maskFromExr(image, channel))} pixels`);
}
