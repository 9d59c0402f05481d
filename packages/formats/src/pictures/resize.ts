import { maskToPlane, type SoftMask } from '@rotokit/core/values';
import type { Raster } from './raster.js';

interface Plane {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly values: ArrayLike<number>;
}

/** For each target pixel the first source pixel that it covers, and how much of each it covers; shares sum to 1. */
function shares(from: number, to: number): { readonly first: number; readonly weights: Float32Array }[] {
  const step = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [a, b] = [i * step, Math.min(from, (i + 1) * step)];
    const first = Math.min(from - 1, Math.floor(a));
    const count = Math.max(1, Math.ceil(b) - first);
    const weights = new Float32Array(count).map(
      (_, k) => Math.max(1e-9, Math.min(b, first + k + 1) - Math.max(a, first + k)) / Math.max(1e-9, b - a),
    );
    return { first, weights };
  });
}

/** Averages areas: every source pixel counts by how much of it a target pixel covers. First across, then down. */
function areaMeans(plane: Plane, width: number, height: number): Float32Array {
  const { channels: n, values } = plane;
  const [across, down] = [shares(plane.width, width), shares(plane.height, height)];
  const narrow = new Float32Array(width * plane.height * n);
  for (let y = 0, to = 0; y < plane.height; y++) {
    for (let x = 0; x < width; x++) {
      const { first, weights } = across[x];
      for (let c = 0; c < n; c++, to++) {
        let sum = 0;
        for (let k = 0, at = (y * plane.width + first) * n + c; k < weights.length; k++, at += n)
          sum += weights[k] * values[at];
        narrow[to] = sum;
      }
    }
  }
  const line = width * n;
  const means = new Float32Array(line * height);
  down.forEach(({ first, weights }, y) => {
    weights.forEach((weight, k) => {
      const from = (first + k) * line;
      for (let i = 0; i < line; i++) means[y * line + i] += weight * narrow[from + i];
    });
  });
  return means;
}

/** A picture made smaller by averaging areas. */
export function shrinkPicture(picture: Raster, width: number, height: number): Raster {
  const means = areaMeans({ ...picture, channels: 3, values: picture.samples }, width, height);
  return { width, height, samples: rounded(means, new Uint8Array(means.length)) };
}

/** A mask made smaller by averaging areas. */
export function shrinkMask(mask: SoftMask, width: number, height: number): SoftMask {
  const { size } = mask;
  const means = areaMeans({ ...size, channels: 1, values: maskToPlane(mask) }, width, height);
  const window = { x0: 0, y0: 0, x1: width, y1: height };
  return { size: { width, height }, window, values: rounded(means, new Uint16Array(means.length)) };
}

function rounded<T extends Uint8Array | Uint16Array>(from: Float32Array, to: T): T {
  for (let i = 0; i < from.length; i++) to[i] = from[i] + 0.5;
  return to;
}
