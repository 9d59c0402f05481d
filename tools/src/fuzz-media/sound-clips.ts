import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import type { FrameSink } from '@rotokit/core/ports';
import { frameNumber, frameRate, SRGB } from '@rotokit/core/values';
import { createH264Preview, createPngSequence, createProRes4444, createVp9Alpha } from '@rotokit/media';
import { STILL_SEEDS } from './still-seeds.js';

const size = { width: 48, height: 32 };

async function write(sink: FrameSink, frames: number, channels: 3 | 4): Promise<void> {
  for (let n = 0; n < frames; n++) {
    const samples = Uint8Array.from(
      { length: size.width * size.height * channels },
      (_, i) => (i * (3 + n) + n * 20) & 255,
    );
    await sink.write(frameNumber(1001 + n), { ...size, channels, samples, colour: SRGB });
  }
  await sink.close();
}

/** Kinds that our own sinks and seeds do not cover, as ffmpeg makes them: file name and encoder arguments. */
const FFMPEG_KINDS: readonly (readonly [name: string, ...args: string[]])[] = [
  ['a.ts', '-c:v', 'libx264', '-bf', '2', '-g', '5'],
  ['a.mkv', '-c:v', 'libx265', '-x265-params', 'log-level=error'],
  ['a.avi', '-c:v', 'mjpeg'],
  ['a.mpg', '-c:v', 'mpeg2video', '-bf', '2'],
  ['b.mkv', '-c:v', 'ffv1'],
  ['b.mov', '-c:v', 'qtrle'],
  ['c.mov', '-c:v', 'png'],
  ['b.mp4', '-c:v', 'libx264', '-movflags', 'frag_keyframe+empty_moov', '-g', '4'],
  ['c.mp4', '-c:v', 'libx264', '-flags', '+ildct+ilme', '-pix_fmt', 'yuv420p'],
  ['a.h264', '-c:v', 'libx264'],
  ['a.flv', '-c:v', 'flv1'],
];

/**
 * Fills a folder with small sound clips and pictures of many kinds. @param withFfmpeg adds the kinds that an installed
 * ffmpeg makes; the others need nothing. @returns their paths, in an order that does not change.
 */
export async function soundClips(folder: string, withFfmpeg: boolean): Promise<string[]> {
  const options = { size, rate: frameRate(24) };
  await write(await createProRes4444(path.join(folder, 'sound.mov'), options), 6, 4);
  await write(await createVp9Alpha(path.join(folder, 'sound.webm'), options), 12, 4);
  await write(await createH264Preview(path.join(folder, 'sound.mp4'), options), 20, 3);
  await write(await createPngSequence(path.join(folder, 'sound.####.png')), 1, 4);
  for (const [kind, text] of Object.entries(STILL_SEEDS)) {
    writeFileSync(path.join(folder, `sound.${kind}`), inflateSync(Buffer.from(text, 'base64')));
  }
  if (withFfmpeg) {
    const source = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=24:d=0.7'];
    for (const [name, ...args] of FFMPEG_KINDS) execFileSync('ffmpeg', [...source, ...args, path.join(folder, name)]);
  }
  return readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));
}
