import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeMask, encodeMask, type SoftMask } from '@rotokit/core/values';

/** The clip that ships with the package, with its exact mattes. */
export interface Sample {
  /** Path of the clip. */
  readonly clip: string;
  /** Name of what is to be followed. */
  readonly object: string;
  readonly frames: number;
  /** The exact matte of a frame, counted from 0. */
  truth(frame: number): SoftMask;
}

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), '../sample');

/** Opens the sample clip's files. */
export async function openSample(): Promise<Sample> {
  const mattes = unpackMattes(await readFile(join(FOLDER, 'fox.mattes.gz')));
  return {
    clip: join(FOLDER, 'fox.mp4'),
    object: 'fox',
    frames: mattes.length,
    truth: (i) => decodeMask(mattes[i] as Uint8Array),
  };
}

/** Mattes as one small file: gzip of, for each frame, a 32-bit little-endian length and the mask's own coding. */
export function packMattes(masks: readonly SoftMask[]): Uint8Array {
  const parts = masks.flatMap((mask) => {
    const bytes = encodeMask(mask);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return gzipSync(Buffer.concat(parts), { level: 9 });
}

function unpackMattes(file: Uint8Array): readonly Uint8Array[] {
  const all = gunzipSync(file);
  const mattes: Uint8Array[] = [];
  for (let at = 0; at < all.length; ) {
    const length = all.readUInt32LE(at);
    mattes.push(all.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return mattes;
}
