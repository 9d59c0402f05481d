/** While one picture is worked on the next are prepared: the time of the slower of the two instead of both. */
import { setTimeout as pause } from 'node:timers/promises';
import { indices, prefetch, timed } from '@rotokit/core/resources';

const decode = async (frame: number) => {
  await pause(8);
  return frame;
};
for (const ahead of [0, 2]) {
  const { ms } = await timed(
    () => performance.now(),
    async () => {
      for await (const _ of prefetch(indices(1, 20), decode, { ahead })) await pause(8);
    },
  );
  console.log(`${ahead} ahead: 20 frames in ${ms.toFixed(0)} ms`);
}
