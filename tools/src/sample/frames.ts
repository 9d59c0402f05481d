import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { channelFloats, decodeExr, type ExrImage, encodeExr, halfChannel } from '@rotokit/formats';
import { SHOT } from './action.js';
import type { Light } from './film.js';
import type { Rendered } from './render.js';
import { run } from './run.js';

/** How the frames are made: processes at once, passes a frame, a fraction of the full size. */
export interface FrameOptions {
  readonly jobs: number;
  readonly passes: number;
  readonly scale: number;
}

const fileOf = (folder: string, frame: number) => join(folder, `sample.${SHOT.first + frame}.exr`);

/** Renders the frames that a folder lacks, every process its share of them. */
export async function renderFrames(folder: string, { jobs, passes, scale }: FrameOptions): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const missing = Array.from({ length: SHOT.frames }, (_, i) => i).filter((i) => !existsSync(fileOf(folder, i)));
  const worker = fileURLToPath(new URL('worker.js', import.meta.url));
  const shares = Array.from({ length: jobs }, (_, job) => missing.filter((_, k) => k % jobs === job)).filter(
    (s) => s.length,
  );
  await Promise.all(
    shares.map((share) => run(process.execPath, [worker, folder, `${passes}`, `${scale}`, ...share.map(String)])),
  );
}

/** Keeps a frame as linear light and exact mattes; it is there whole or not at all. */
export function saveFrame(folder: string, frame: number, { width, height, rgb, hero, other }: Rendered): void {
  const colour = (name: string, c: number) =>
    halfChannel(
      name,
      Float32Array.from({ length: width * height }, (_, i) => rgb[3 * i + c]),
    );
  const matte = (name: string, values: Uint8Array) => ({
    name,
    type: 'float' as const,
    values: Float32Array.from(values, (v) => v / 255),
  });
  const bytes = encodeExr({
    displayWindow: { width, height },
    dataWindow: { x0: 0, y0: 0, x1: width, y1: height },
    compression: 'zip',
    channels: [colour('R', 0), colour('G', 1), colour('B', 2), matte('fox.A', hero), matte('other.A', other)],
  });
  writeFileSync(`${fileOf(folder, frame)}.part`, bytes);
  renameSync(`${fileOf(folder, frame)}.part`, fileOf(folder, frame));
}

/** A kept frame: its light, and the mattes of the fox and the other one as bytes. */
export function loadFrame(folder: string, frame: number): { light: Light; fox: Uint8Array; other: Uint8Array } {
  const path = fileOf(folder, frame);
  const image = decodeExr(readFileSync(path), { name: path });
  const { width, height } = image.displayWindow;
  const [r, g, b] = ['R', 'G', 'B'].map((name) => floats(image, name));
  const rgb = new Float32Array(3 * width * height);
  for (let i = 0; i < r.length; i++) {
    rgb[3 * i] = r[i];
    rgb[3 * i + 1] = g[i];
    rgb[3 * i + 2] = b[i];
  }
  const bytes = (name: string) => Uint8Array.from(floats(image, name), (v) => Math.round(v * 255));
  return { light: { width, height, rgb }, fox: bytes('fox.A'), other: bytes('other.A') };
}

function floats(image: ExrImage, name: string): Float32Array {
  const channel = image.channels.find((c) => c.name === name);
  if (!channel) throw new Error(`a frame lacks the channel ${name}`);
  return channelFloats(channel);
}
