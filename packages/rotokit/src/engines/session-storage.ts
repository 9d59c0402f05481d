import { type Clock, type Codec, FeatureCache, tensorCodec } from '@rotokit/core/resources';
import type { SessionStorage } from '@rotokit/neural';
import type { OpenResources } from '../library/resources.js';
import { featureDisk } from '../resources/feature-disk.js';
import { fileScratch } from '../resources/file-scratch.js';

/** Features that took so many times as long to compute as to write are worth the disk. */
const WORTH = 4;

/**
 * What a neural session keeps, within the settings: features in memory and behind that on disk, bit for bit, where that is quicker than computing them
 * again; memories of objects, moved to disk when memory gets short. Everything on disk is gone when the session is closed.
 */
export async function sessionStorage(
  { settings, budget }: OpenResources,
  now: Clock = () => performance.now(),
): Promise<SessionStorage> {
  const disk = await featureDisk(settings.featuresOnDisk);
  const worth = { now, times: WORTH };
  // The engine's values are records of tensors, all of them.
  const codec = tensorCodec('float32') as Codec<unknown>;
  const features = new FeatureCache({
    ...{ name: 'features of frames', bytes: settings.features, budget },
    ...(disk ? { disk: { store: disk.store, codec, worth } } : {}),
  });
  return {
    features,
    memories: { bytes: settings.bank, scratch: fileScratch(), budget },
    async close() {
      await features.close();
      await disk?.close();
    },
  };
}
