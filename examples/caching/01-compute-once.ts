/** A function whose answers are kept: asked again, it does not compute again. */
import { cached, FeatureCache, timed } from '@rotokit/core/resources';
import { maskArea, type SoftMask } from '@rotokit/core/values';
import { sampleTruth } from '../support.ts';

const cache = new FeatureCache<SoftMask>({ bytes: 50e6 });
const bytes = (mask: SoftMask) => mask.values.byteLength;
const truth = cached(
  cache,
  'truth',
  (frame: number) => `${frame}`,
  bytes,
  (_, frame) => sampleTruth(frame),
);

const clock = () => performance.now();
const first = await timed(clock, () => truth(5));
const again = await timed(clock, () => truth(5));
console.log(`${maskArea(first.value).toFixed(0)} pixels: ${first.ms.toFixed(2)} ms, again ${again.ms.toFixed(3)} ms`);
console.log(cache.statistics);
