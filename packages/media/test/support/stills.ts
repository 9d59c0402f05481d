import { writeFile } from 'node:fs/promises';
import { pixelFormat } from '../../src/picture/layout.js';
import { allocFrame } from '../../src/write/sink-frame.js';
import { StillEncoder } from '../../src/write/still-encoder.js';

/** A sample by place and plane, written as bytes into row memory. */
type Fill = (plane: Buffer, linesize: number, n: number) => void;

/** Writes one picture file in any of libav's still formats, its planes filled by `fill`. */
export async function writeStill(
  path: string,
  [encoder, pixels, options = {}]: readonly [encoder: string, pixels: string, options?: Record<string, string>],
  [width, height]: readonly [number, number],
  fill: Fill,
): Promise<void> {
  const frame = allocFrame(width, height, pixelFormat(pixels));
  frame.timeBase = { num: 1, den: 24 } as never;
  if (pixels.startsWith('yuv')) frame.colorRange = 2 as never;
  for (const [n, plane] of frame.data!.entries()) if (plane) fill(plane, frame.linesize[n], n);
  const still = new StillEncoder({ encoder, pixels, options });
  try {
    await writeFile(path, await still.encode(frame));
  } finally {
    frame.free();
    await still.close();
  }
}

/** Fills a plane of 32-bit floats with `f(x, y)`. */
export const floats =
  (width: number, f: (x: number, y: number, n: number) => number): Fill =>
  (plane, linesize, n) => {
    for (let y = 0; y * linesize < plane.length; y++) {
      for (let x = 0; x < width; x++) plane.writeFloatLE(f(x, y, n), y * linesize + x * 4);
    }
  };
