import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskFromBytes, type SoftMask } from '@rotokit/core/values';
import { packMattes } from 'rotokit/sample';
import { SHOT } from './action.js';
import { develop } from './film.js';
import { loadFrame } from './frames.js';
import { run } from './run.js';

/** Brightness of the finished picture. */
const EXPOSURE = 0.9;
/** Bits a second: the grain survives, and the clip stays under 2.6 MB. */
const BITRATE = 6_000_000;

/** Develops and encodes the frames of a folder: `fox.mp4`, and the mattes of both foxes. @returns the files written. */
export async function deliver(frames: string, output: string): Promise<string[]> {
  mkdirSync(output, { recursive: true });
  const pictures: Uint8Array[] = [];
  const masks: Record<'fox' | 'other', SoftMask[]> = { fox: [], other: [] };
  let size = { width: 0, height: 0 };
  for (let i = 0; i < SHOT.frames; i++) {
    const { light, fox, other } = loadFrame(frames, i);
    size = { width: light.width, height: light.height };
    pictures.push(develop(light, i, EXPOSURE));
    masks.fox.push(maskFromBytes(size, fox));
    masks.other.push(maskFromBytes(size, other));
  }
  const paths = {
    clip: join(output, 'fox.mp4'),
    fox: join(output, 'fox.mattes.gz'),
    other: join(output, 'other.mattes.gz'),
  };
  await encodeClip(pictures, size, join(frames, 'x264'), paths.clip);
  writeFileSync(paths.fox, packMattes(masks.fox));
  writeFileSync(paths.other, packMattes(masks.other));
  return Object.values(paths);
}

/** Two passes of x264 (through the ffmpeg program) at a fixed rate, so that grain is kept and the size is known. */
async function encodeClip(
  pictures: readonly Uint8Array[],
  size: { readonly width: number; readonly height: number },
  log: string,
  path: string,
): Promise<void> {
  const shape = ['-s', `${size.width}x${size.height}`, '-r', `${SHOT.rate}`, '-i', '-'];
  const tags = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
  const coder = ['-c:v', 'libx264', '-preset', 'veryslow', '-tune', 'grain', '-pix_fmt', 'yuv420p', '-threads', '1'];
  for (const pass of ['1', '2']) {
    await run(
      'ffmpeg',
      [
        ...['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', ...shape],
        ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv', ...tags, ...coder],
        ...['-b:v', `${BITRATE}`, '-pass', pass, '-passlogfile', log, '-bitexact'],
        ...(pass === '1' ? ['-f', 'null', '-'] : ['-movflags', '+faststart', path]),
      ],
      async (write) => {
        for (const picture of pictures) await write(picture);
      },
    );
  }
}
