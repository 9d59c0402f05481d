import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { maskFromPlane, type SoftMask } from '@rotokit/core/values';

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Size of the pictures of the trial projects. */
export const TRIAL_SIZE = { width: 320, height: 180 };

/** A soft disc with a noisy edge, the same bit for bit for the same numbers. */
export function trialMask(frame: number, object: number): SoftMask {
  const { width, height } = TRIAL_SIZE;
  const next = random(frame * 8 + object);
  const plane = new Uint16Array(width * height);
  const [cx, cy, r] = [80 + next() * 160, 50 + next() * 80, 15 + next() * 25];
  for (let y = Math.floor(cy - r - 4); y < cy + r + 4; y++)
    for (let x = Math.floor(cx - r - 4); x < cx + r + 4; x++) {
      const depth = (r - Math.hypot(x - cx, y - cy) + next()) / 4;
      plane[y * width + x] = Math.max(0, Math.min(65535, Math.round(depth * 65535)));
    }
  return maskFromPlane(TRIAL_SIZE, plane);
}

/** A new folder for trials; in memory where there is such a place, to spare the disk. Whoever makes it removes it. */
export function scratchFolder(prefix: string): string {
  return mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), prefix));
}
