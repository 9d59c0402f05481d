import { scriptedSource } from '@rotokit/core/fakes';
import type { FrameSource } from '@rotokit/core/ports';
import { maskFromBytes, type SoftMask, SRGB, size } from '@rotokit/core/values';
import { inventScene, noAssets, renderScene } from '../scenes/index.js';

/** A generated clip in memory with the exact masks of its object. */
export interface KnownClip {
  readonly seed: number;
  readonly source: FrameSource;
  readonly truth: readonly SoftMask[];
}

const frames = 40;
const picture = { width: 427, height: 240 } as const;

/**
 * Generated clips of all levels in turn, small so that a few dozen take minutes. Those whose object is nearly out of the
 * picture at an end, or fills half of it, are skipped.
 */
export async function* knownClips(count: number, firstSeed: number): AsyncGenerator<KnownClip> {
  for (let seed = firstSeed, made = 0; made < count; seed++) {
    const assets = { photos: 0, footage: 0, performers: 0 };
    const scene = inventScene(seed, { ...picture, frames, level: (1 + (seed % 4)) as 1 | 2 | 3 | 4, assets });
    const rgb: Uint8Array[] = [];
    const truth: SoftMask[] = [];
    for await (const frame of renderScene(scene, noAssets)) {
      rgb.push(Uint8Array.from(frame.rgb));
      truth.push(maskFromBytes(size(picture.width, picture.height), frame.masks[0]));
      if (rgb.length === 1 && !worthwhile(truth[0])) break;
    }
    if (truth.length < frames || !worthwhile(truth[frames - 1])) continue;
    made++;
    const shown = (i: number) => ({ format: 'rgb8' as const, ...picture, samples: rgb[i], colour: SRGB });
    yield { seed, source: scriptedSource({ frames, picture: shown }), truth };
  }
}

function worthwhile(mask: SoftMask): boolean {
  const area = mask.values.reduce((n, v) => n + (v > 32767 ? 1 : 0), 0);
  return area > 200 && area < 0.5 * picture.width * picture.height;
}
