import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RenderedFrame } from './render.js';
import type { Scene } from './scene.js';

/** A rendered clip on disk: `<name>.rgb` (all frames, rgb24), `<name>.gray` (object 0's mask, 8 bit), `<name>.json`. */
export interface ClipFiles {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly rgb: string;
  readonly gray: string;
  /** The scene that it was rendered from. */
  readonly scene: Scene;
}

/** Writes a rendered scene into a folder. The .json comes last, so that a clip with one is complete. */
export async function writeClip(
  folder: string,
  name: string,
  scene: Scene,
  frames: AsyncIterable<RenderedFrame>,
): Promise<ClipFiles> {
  await mkdir(folder, { recursive: true });
  const base = path.join(folder, name);
  const rgb = await open(`${base}.rgb`, 'w');
  const gray = await open(`${base}.gray`, 'w');
  try {
    for await (const frame of frames) {
      await rgb.write(frame.rgb);
      await gray.write(frame.masks[0] ?? new Uint8Array(scene.width * scene.height));
    }
  } finally {
    await rgb.close();
    await gray.close();
  }
  await writeFile(`${base}.json.part`, JSON.stringify(scene));
  await rename(`${base}.json.part`, `${base}.json`);
  return clipFiles(folder, name, scene);
}

function clipFiles(folder: string, name: string, scene: Scene): ClipFiles {
  const base = path.join(folder, name);
  const { width, height, frames } = scene;
  return { name, width, height, frames, rgb: `${base}.rgb`, gray: `${base}.gray`, scene };
}

/** Describes a clip that was written before. */
export async function readClip(folder: string, name: string): Promise<ClipFiles> {
  return clipFiles(folder, name, JSON.parse(await readFile(path.join(folder, `${name}.json`), 'utf8')) as Scene);
}

/** Reads one frame of a clip: its picture and the mask of object 0. */
export async function readClipFrame(clip: ClipFiles, index: number): Promise<{ rgb: Uint8Array; mask: Uint8Array }> {
  const pixels = clip.width * clip.height;
  const read = async (file: string, bytes: number): Promise<Uint8Array> => {
    const handle = await open(file, 'r');
    try {
      const out = new Uint8Array(bytes);
      await handle.read(out, 0, bytes, index * bytes);
      return out;
    } finally {
      await handle.close();
    }
  };
  return { rgb: await read(clip.rgb, pixels * 3), mask: await read(clip.gray, pixels) };
}

/** Removes a clip's files. */
export async function removeClip(clip: ClipFiles): Promise<void> {
  for (const file of [clip.rgb, clip.gray, clip.rgb.replace(/rgb$/, 'json')]) await rm(file, { force: true });
}
