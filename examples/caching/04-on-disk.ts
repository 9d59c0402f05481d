/** A second place on disk outlives the process; files are verified when they are read, and a damaged one is computed anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FeatureCache, tensorCodec } from '@rotokit/core/resources';
import { DiskTier } from 'rotokit/resources';
import { output } from '../support.ts';

const folder = output('caching-04');
const disk = { store: new DiskTier(folder, { bytes: 100e6 }), codec: tensorCodec('float16') };
const encode = () => ({
  features: { type: 'float32', shape: [256, 256], data: new Float32Array(65536).fill(0.5) } as const,
});

for (const run of ['first', 'second', 'damaged']) {
  if (run === 'damaged') {
    const file = join(folder, readdirSync(folder)[0] as string);
    const bytes = readFileSync(file);
    bytes[1000] = 255;
    writeFileSync(file, bytes);
  }
  await using cache = new FeatureCache({ bytes: 10e6, disk }); // as a new process would
  await cache.getOrCompute('clip.mov/1001', 262_144, encode);
  const { diskHits, misses } = cache.statistics;
  console.log(`${run} run: computed ${misses}, from disk ${diskHits}`);
}
