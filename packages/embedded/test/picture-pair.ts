// A generated pair of pictures with a known motion, for the tests of the flow.
import type { FlowFrame } from '../src/flow/types.js';

/** Smooth, aperiodic texture in 0..255 at any real position. */
function texture(x: number, y: number, channel: number): number {
  const waves = [
    [0.21, 0.05, 31],
    [-0.07, 0.33, 27],
    [0.26, 0.21, 18],
    [0.09, -0.27, 14],
    [0.037, 0.029, 33],
  ] as const;
  const phase = channel * 1.7;
  return waves.reduce((sum, [kx, ky, size], i) => sum + size * Math.sin(kx * x + ky * y + phase * (i + 1)), 127);
}

/** A textured picture seen through a camera that has moved by (dx, dy), with a disc of other texture moved by (ox, oy). */
export function picture(
  index: number,
  width: number,
  height: number,
  { dx = 0, dy = 0, ox = 0, oy = 0 }: { dx?: number; dy?: number; ox?: number; oy?: number } = {},
): FlowFrame {
  const rgb = new Uint8Array(3 * width * height);
  const [cx, cy, radius] = [width * 0.55 + ox, height * 0.45 + oy, Math.min(width, height) * 0.22];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inDisc = (x - cx) ** 2 + (y - cy) ** 2 < radius * radius;
      for (let c = 0; c < 3; c++) {
        const value = inDisc ? texture(1.3 * (y - oy) + 300, 1.1 * (x - ox) + 90, c) : texture(x - dx, y - dy, c);
        rgb[(y * width + x) * 3 + c] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
  }
  return { index, width, height, rgb };
}

/** Median of |values - expected|. */
export function medianError(values: Float32Array, expected: number): number {
  const errors = Array.from(values, (value) => Math.abs(value - expected)).sort((a, b) => a - b);
  return errors[errors.length >> 1]!;
}
