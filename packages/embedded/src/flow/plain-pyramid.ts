import type { FlowFrame } from './types.js';

/** One level of a frame: grey 0..255 and its central differences, row by row. */
export interface PlainLevel {
  readonly width: number;
  readonly height: number;
  readonly grey: Float32Array;
  readonly gx: Float32Array;
  readonly gy: Float32Array;
}

/** The levels of a frame from the half grid (first) to the coarsest that holds one 8x8 patch, five at most. */
export function plainPyramid(frame: FlowFrame): PlainLevel[] {
  const half = greyHalf(frame);
  let { width, height } = half;
  let grey: Float32Array = half.grey;
  const levels = [withGradients(grey, width, height)];
  while (levels.length < 5 && Math.min(width, height) >> 1 >= 8) {
    grey = halve(grey, width, height);
    width >>= 1;
    height >>= 1;
    levels.push(withGradients(grey, width, height));
  }
  return levels;
}

function greyHalf({ rgb, width, height }: FlowFrame) {
  const [w, h] = [width >> 1, height >> 1];
  const grey = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const p = (2 * y * width + 2 * x) * 3;
      const mean = (c: number) =>
        (rgb[p + c]! + rgb[p + 3 + c]! + rgb[p + 3 * width + c]! + rgb[p + 3 * width + 3 + c]!) / 4;
      grey[y * w + x] = 0.299 * mean(0) + 0.587 * mean(1) + 0.114 * mean(2);
    }
  }
  return { grey, width: w, height: h };
}

function halve(src: Float32Array, width: number, height: number): Float32Array {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const p = 2 * y * width + 2 * x;
      out[y * w + x] = (src[p]! + src[p + 1]! + src[p + width]! + src[p + width + 1]!) / 4;
    }
  }
  return out;
}

function withGradients(grey: Float32Array, width: number, height: number): PlainLevel {
  const gx = new Float32Array(width * height);
  const gy = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const k = y * width + x;
      gx[k] = 0.5 * (grey[x < width - 1 ? k + 1 : k]! - grey[x > 0 ? k - 1 : k]!);
      gy[k] = 0.5 * (grey[y < height - 1 ? k + width : k]! - grey[y > 0 ? k - width : k]!);
    }
  }
  return { width, height, grey, gx, gy };
}

/** Bilinear sample, coordinates clamped to [0, width - 1.001] and [0, height - 1.001]. */
export function plainSample(im: Float32Array, width: number, height: number, x: number, y: number): number {
  x = Math.min(Math.max(x, 0), width - 1.001);
  y = Math.min(Math.max(y, 0), height - 1.001);
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const [fx, fy, k] = [x - xi, y - yi, yi * width + xi];
  const above = im[k]! * (1 - fx) + im[k + 1]! * fx;
  const below = im[k + width]! * (1 - fx) + im[k + width + 1]! * fx;
  return above * (1 - fy) + below * fy;
}
