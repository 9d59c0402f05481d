/** Time left at the pace of late, and how long a piece of work took. */
import { setTimeout as pause } from 'node:timers/promises';
import { ProgressMeter, progressText, timed } from '@rotokit/core/resources';

const clock = () => performance.now();
const meter = new ProgressMeter(40, clock);
const { ms } = await timed(clock, async () => {
  for (let n = 1; n <= 40; n++) {
    await pause(n < 10 ? 15 : 3); // a slow beginning does not spoil the forecast
    const progress = meter.advance();
    if (n % 10 === 0) console.log(progressText(progress, 'frames'));
  }
});
console.log(`done in ${ms.toFixed(0)} ms`);
