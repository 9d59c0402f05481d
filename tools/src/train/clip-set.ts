import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  type Assets,
  type ClipFiles,
  type Invention,
  inventScene,
  readClip,
  renderScene,
  writeClip,
} from '../scenes/index.js';

/** A set of generated clips: `count` scenes of one level, seeds from `seed` on. */
export interface ClipSet {
  readonly seed: number;
  readonly count: number;
  readonly level: Invention['level'];
  readonly frames: number;
}

const size = { width: 854, height: 480 } as const;
/** A clip whose object covers fewer pixels than this on its first or last frame is left out. */
const leastArea = 500;

/**
 * The clips of a set, rendered into a folder unless they are there. Yields each as soon as it is ready. Scenes whose object
 * is (nearly) out of the picture at an end are skipped: there would be nothing to follow.
 */
export async function* clipsOf(set: ClipSet, folder: string, assets: Assets): AsyncGenerator<ClipFiles> {
  const counts = { photos: assets.photos.length, footage: assets.footage.length, performers: assets.performers.length };
  for (let i = 0, made = 0; made < set.count; i++) {
    const seed = set.seed + i;
    const name = `l${set.level}-${seed}`;
    const scene = inventScene(seed, { ...size, frames: set.frames, level: set.level, assets: counts });
    if (!(await worthwhile(scene, assets))) continue;
    made++;
    yield existsSync(path.join(folder, `${name}.json`))
      ? await readClip(folder, name)
      : await writeClip(folder, name, scene, renderScene(scene, assets));
  }
}

/** Renders the first and last frame small, without finish, and looks whether the object is there. */
async function worthwhile(scene: ReturnType<typeof inventScene>, assets: Assets): Promise<boolean> {
  const small = { ...scene, width: 160, height: 90, shutter: { open: 0, samples: 1 } };
  const scale = (scene.width / small.width) ** 2;
  for await (const frame of renderScene(small, assets, [0, scene.frames - 1])) {
    const area = frame.masks[0].reduce((sum, v) => sum + (v > 127 ? 1 : 0), 0) * scale;
    if (area < leastArea || area > 0.55 * scene.width * scene.height) return false;
  }
  return true;
}
