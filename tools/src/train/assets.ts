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

/** Shots shorter than this are left out. */
const leastShot = 45;

/** How much of a keyed frame the performer covers, and its upper and lower end, as shares of the picture. */
function extent(rgba: Uint8Array, width: number, height: number): readonly [number, number, number] {
  let area = 0;
  let top = height;
  let bottom = 0;
  // Every fourth pixel of every second row is enough to see a cut.
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 4) {
      if (rgba[(y * width + x) * 4 + 3] < 128) continue;
      area++;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return [(8 * area) / (width * height), top / height, bottom / height];
}

/** The shots of a keyed film: where the performer jumps in size or place from one frame to the next, a new one begins. */
function shotsOf(film: KeyedFootage): KeyedFootage[] {
  const starts = [0];
  let last = extent(film.read(0), film.width, film.height);
  for (let i = 1; i < film.frames; i++) {
    const now = extent(film.read(i), film.width, film.height);
    const grown = Math.abs(now[0] - last[0]) / Math.max(now[0], last[0], 0.005);
    if (grown > 0.3 || Math.abs(now[1] - last[1]) > 0.12 || Math.abs(now[2] - last[2]) > 0.12) starts.push(i);
    last = now;
  }
  const ends = [...starts.slice(1), film.frames];
  return starts
    .map((start, i) => ({ ...film, frames: ends[i] - start, read: (k: number) => film.read(start + k) }))
    .filter((shot) => shot.frames >= leastShot);
}

function keyed(file: string, scratch: string): KeyedFootage[] {
  const { width, height } = keyedSize;
  const raw = decoded(scratch, `${path.parse(file).name}.rgba`, (target) => [
    ...['-c:v', 'libvpx', '-i', file, '-vf', `scale=${width}:${height}`, '-pix_fmt', 'rgba', '-f', 'rawvideo', target],
  ]);
  const bytes = width * height * 4;
  const frames = Math.floor(statSync(raw).size / bytes);
  return shotsOf({ width, height, frames, read: (i) => readRaw(raw, bytes, i) });
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
 * Real pictures for scenes, from folders of clips. A .webm is taken for keyed performers (VP8 with alpha), one a
 * shot, everything
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
    performers: files.filter((file) => /\.webm$/i.test(file)).flatMap((file) => keyed(file, scratch)),
  };
}
