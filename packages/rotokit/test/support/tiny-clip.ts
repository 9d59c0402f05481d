import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { frameNumber, maskFromPlane, type SoftMask, SRGB, size } from '@rotokit/core/values';
import { createPngSequence } from '@rotokit/media';
import { afterAll } from 'vitest';

/** Size of the tiny clip. */
export const TINY = { width: 256, height: 160 } as const;

const radius = 28;
const centre = (t: number) => ({ x: 70 + 4 * t, y: 74 + 6 * Math.sin(t / 3) });
const inside = (x: number, y: number, t: number) => Math.hypot(x + 0.5 - centre(t).x, y + 0.5 - centre(t).y) < radius;
const speckle = (x: number, y: number) => ((Math.imul(x | 0, 73856093) ^ Math.imul(y | 0, 19349663)) >>> 8) % 60;

/** Where the disc of the tiny clip is on a frame (0-based): a pixel in its middle. */
export const discCentre = centre;

/** The exact mask of the disc on a frame (0-based). */
export function discMask(t: number): SoftMask {
  const plane = new Uint16Array(TINY.width * TINY.height);
  for (let y = 0; y < TINY.height; y++)
    for (let x = 0; x < TINY.width; x++) if (inside(x, y, t)) plane[y * TINY.width + x] = 65535;
  return maskFromPlane(size(TINY.width, TINY.height), plane);
}

function picture(t: number): Uint8Array {
  const samples = new Uint8Array(TINY.width * TINY.height * 3);
  for (let y = 0, k = 0; y < TINY.height; y++) {
    for (let x = 0; x < TINY.width; x++, k += 3) {
      const disc = inside(x, y, t);
      const v = disc ? speckle((x - centre(t).x) / 3, (y - centre(t).y) / 3) : 90 + speckle(x / 3, y / 3);
      samples.set(disc ? [180 + v, 60 + v, 40 + v] : [v, v, v + 20], k);
    }
  }
  return samples;
}

/** A folder for a test file, removed when its tests are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rotokit-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a disc that moves over a speckled ground as PNG files `plate.1001.png`, ... @returns the sequence's pattern. */
export async function writeTinyClip(folder: string, frames = 12): Promise<string> {
  const pattern = join(folder, 'plate.####.png');
  const sink = await createPngSequence(pattern);
  for (let t = 0; t < frames; t++)
    await sink.write(frameNumber(1001 + t), { ...TINY, channels: 3, samples: picture(t), colour: SRGB });
  await sink.close();
  return pattern;
}

const MAIN = resolve(import.meta.dirname, '../../dist/command/main.js');

/** How a command ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user does. `onStderr` sees progress as it comes and may end the process. */
export function rotokit(
  args: readonly string[],
  onStderr?: (line: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr, seen] = ['', '', 0];
    child.stdout.on('data', (d: Buffer) => (stdout += d.toString()));
    child.stderr.on('data', (d: Buffer) => {
      stderr += d.toString();
      const lines = stderr.split('\n');
      for (; seen < lines.length - 1; seen++) onStderr?.(lines[seen] as string, (signal) => child.kill(signal));
    });
    child.on('error', failed);
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }));
  });
}
