import { scriptedSource } from '@rotokit/core/fakes';
import type { FrameSource, ModelHub } from '@rotokit/core/ports';
import { objectId, SRGB, sourcePoint } from '@rotokit/core/values';
import { neuralEngine, transformersNames } from '@rotokit/neural';
import { openNodeInference } from '@rotokit/ort/node';
import { readWeightsHeader } from '../../engines/weights.js';
import { benchClicks, type ClickTimes } from '../clicks.js';
import { type TimedWeights, timedModel, weightsToTime } from './weights.js';

const SIZE = { width: 1280, height: 720 };
const FRAMES = 36;

/** Noise, other noise on each frame, cut from one piece so that a picture costs nothing. */
function noise(): FrameSource {
  const bytes = SIZE.width * SIZE.height * 3;
  const all = new Uint8Array(bytes + FRAMES * 3);
  for (let i = 0; i < all.length; i++) all[i] = (Math.imul(i, 0x9e3779b1) >>> 24) & 255;
  const picture = (t: number) => ({
    ...{ format: 'rgb8' as const, ...SIZE, colour: SRGB },
    samples: all.subarray(3 * t, 3 * t + bytes),
  });
  return scriptedSource({ frames: FRAMES, picture });
}

/** Times the first click on frames that nothing is known of, and the next one on each, in a session as the product opens it. */
export async function timeClicks(
  name: string,
  hub: ModelHub,
  choices: {
    readonly threads: number;
    readonly prepack: boolean;
    readonly side?: number | undefined;
    readonly weights?: string | undefined;
  },
): Promise<ClickTimes & { readonly weights: TimedWeights['kind'] }> {
  const { threads, prepack } = choices;
  const weights = await weightsToTime(name, hub, choices.weights);
  try {
    const model = timedModel(name);
    const engine = neuralEngine({
      name,
      config: { ...model, imageSize: choices.side ?? model.imageSize },
      weights: {
        header: transformersNames(await readWeightsHeader(weights.path)),
        file: { path: weights.path },
        digest: weights.kind,
      },
      inference: () => openNodeInference({ threads }),
      prepack,
    });
    const source = noise();
    const session = await engine.open(source);
    const middle = sourcePoint(SIZE.width / 2, SIZE.height / 2);
    const times = await benchClicks(session, source, objectId('bench'), middle).finally(() => session.close());
    return { ...times, weights: weights.kind };
  } finally {
    await weights.remove();
  }
}
