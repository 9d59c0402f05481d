import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Assets, Footage, KeyedFootage, Picture } from '../scenes/index.js';

/** Size in which footage is kept: the picture's own shape is given up, it is only background. */
const footageSize = { width: 854, height: 480, frames: 100 } as const;
const photoSize = { width: 1280, height: 720 } as const;
const keyedSize = { width: 640, height: 360 } as const;
/** One still in this many frames becomes a photograph. */
const photoEvery = 24;

/** Runs ffmpeg. Error with its last words where it fails or is not installed. */
function ffmpeg(args: readonly string[]): void {
  const run = spawnSync('ffmpeg', ['-y', '-v', 'error', ...args], { encoding: 'utf8' });
  if (run.error) throw new Error('ffmpeg is needed to read --assets: install it (apt-get install ffmpeg)');
  if (run.status !== 0) throw new Error(`ffmpeg: ${run.stderr.trim().split('\n').at(-1)}`);
}

/** Reads frame `index` of `bytes` bytes from a raw file. */
function readRaw(file: string, bytes: number, index: number): Uint8Array {
  const handle = openSync(file, 'r');
  try {
    const out = new Uint8Array(bytes);
    readSync(handle, out, 0, bytes, index * bytes);
    return out;
  } finally {
    closeSync(handle);
  }
}

/** Decodes once into the scratch folder; later runs find the file. */
function decoded(scratch: string, name: string, args: (target: string) => readonly string[]): string {
  const target = path.join(scratch, name);
  if (!existsSync(target)) ffmpeg(args(target));
  return target;
}

function keyed(file: string, scratch: string): KeyedFootage {
  const { width, height } = keyedSize;
  const raw = decoded(scratch, `${path.parse(file).name}.rgba`, (target) => [
    ...['-c:v', 'libvpx', '-i', file, '-vf', `scale=${width}:${height}`, '-pix_fmt', 'rgba', '-f', 'rawvideo', target],
  ]);
  const bytes = width * height * 4;
  return { width, height, frames: Math.floor(statSync(raw).size / bytes), read: (i) => readRaw(raw, bytes, i) };
}

function filmed(file: string, scratch: string): Footage {
  const { width, height, frames } = footageSize;
  const raw = decoded(scratch, `${path.parse(file).name}.rgb`, (target) => [
    ...['-i', file, '-frames:v', String(frames), '-vf', `scale=${width}:${height}`],
    ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', target],
  ]);
  const bytes = width * height * 3;
  const read = (i: number): Picture => ({ width, height, rgb: readRaw(raw, bytes, i) });
  return { frames: Math.floor(statSync(raw).size / bytes), read };
}

function stills(file: string, scratch: string): Picture[] {
  const { width, height } = photoSize;
  const raw = decoded(scratch, `${path.parse(file).name}.stills`, (target) => [
    ...['-i', file, '-vf', `select=not(mod(n\\,${photoEvery})),scale=${width}:${height}`, '-fps_mode', 'passthrough'],
    ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', target],
  ]);
  const bytes = width * height * 3;
  const count = Math.floor(statSync(raw).size / bytes);
  return Array.from({ length: count }, (_, i) => ({ width, height, rgb: readRaw(raw, bytes, i) }));
}

/**
 * Real pictures for scenes, from folders of clips. A .webm is taken for a keyed performer (VP8 with alpha), everything
 * else (.mp4, .mov) for footage whose stills become photographs and which also serves as a moving background.
 *
 * @param folders folders with clips; none gives no assets
 * @param scratch where decoded raw frames are kept (about 130 MB a clip)
 */
export function loadAssets(folders: readonly string[], scratch: string): Assets {
  mkdirSync(scratch, { recursive: true });
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .map((name) => path.join(folder, name)),
  );
  const clips = files.filter((file) => /\.(mp4|mov)$/i.test(file));
  return {
    photos: clips.flatMap((file) => stills(file, scratch)),
    footage: clips.map((file) => filmed(file, scratch)),
    performers: files.filter((file) => /\.webm$/i.test(file)).map((file) => keyed(file, scratch)),
  };
}
