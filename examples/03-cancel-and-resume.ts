/** Long work can be cancelled; what was finished stays, and the same call does the rest. */
import { openRoto } from 'rotokit';
import { output, sampleClick, sampleClip } from './support.ts';

const project = `${output('03')}/fox.roto`;
const cancel = new AbortController();
{
  await using roto = await openRoto(sampleClip, { project });
  await roto.object('fox').click({ frame: roto.numbers.first, ...(await sampleClick()) });
  let walked = 0;
  const stop = () => {
    if (++walked === 6) cancel.abort();
  };
  try {
    for await (const _ of roto.track({ last: roto.numbers.first + 15, signal: cancel.signal, onWalked: stop }));
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
  }
}
await using roto = await openRoto(project);
const kept = roto.project.trackedFrames(roto.object('fox').id).length;
let rest = 0;
for await (const _ of roto.track({ last: roto.numbers.first + 15 })) rest++;
console.log(`${kept} frames were kept, ${rest} were left to do`);
