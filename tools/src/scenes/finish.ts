import { quantisation, quantisePlane } from './compression.js';
import { fractalNoise } from './noise.js';
import { random } from './random.js';
import type { Finish } from './scene.js';

/** Finishes frames: everything between the light on the sensor and the bytes of a compressed file. */
export interface Finisher {
  /**
   * Turns linear light into an 8-bit picture.
   *
   * @param light interleaved squares of sRGB values, 0..65025
   * @param frame seeds grain and moves drifts
   * @param pan position of the camera in pixels, which the patches of light stay behind by
   */
  develop(light: Float32Array, frame: number, pan: { readonly x: number; readonly y: number }): Uint8Array;
}

const dappleSide = 128;

/** A fall of brightness towards the corners, one factor a pixel. */
function vignetteMap(strength: number, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const v = (2 * y) / height - 1;
    for (let x = 0; x < width; x++, i++) {
      const u = (2 * x) / width - 1;
      out[i] = 1 - strength * 0.25 * (u * u + v * v);
    }
  }
  return out;
}

/** Separable three-tap blur of a plane, repeated until the deviation is reached. */
function blurPlane(plane: Float32Array, width: number, height: number, deviation: number): void {
  const rounds = Math.max(1, Math.ceil(deviation * deviation * 2));
  const side = (deviation * deviation) / (2 * rounds);
  const row = new Float32Array(width);
  for (let round = 0; round < rounds; round++) {
    for (let y = 0; y < height; y++) {
      const o = y * width;
      for (let x = 0; x < width; x++) row[x] = plane[o + x];
      for (let x = 1; x < width - 1; x++) plane[o + x] += side * (row[x - 1] - 2 * row[x] + row[x + 1]);
    }
    for (let x = 0; x < width; x++) row[x] = plane[x];
    for (let y = 1; y < height - 1; y++) {
      const o = y * width;
      for (let x = 0; x < width; x++) {
        const here = plane[o + x];
        plane[o + x] = here + side * (row[x] - 2 * here + plane[o + width + x]);
        row[x] = here;
      }
    }
  }
}

/** A table of normal deviates to draw grain from. */
function grainTable(seed: number): Float32Array {
  const r = random(seed);
  return Float32Array.from({ length: 1 << 16 }, () => r.normal());
}

/** Prepares the finishing of a clip of the given size. */
export function createFinisher(finish: Finish, seed: number, width: number, height: number): Finisher {
  const pixels = width * height;
  const scale = height / 480;
  const vignette = vignetteMap(finish.vignette, width, height);
  const grain = grainTable(seed);
  const steps = quantisation(Math.min(99, finish.quality));
  const patches = finish.dapple
    ? fractalNoise(dappleSide, dappleSide, 1, random(finish.dapple.seed))
    : new Float32Array(dappleSide * dappleSide);
  const luma = new Float32Array(pixels);
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  const blue = new Float32Array(halfWidth * halfHeight);
  const red = new Float32Array(halfWidth * halfHeight);

  const lightAt = (x: number, y: number, pan: { readonly x: number; readonly y: number }): number => {
    const d = finish.dapple!;
    const u = (x / scale + pan.x + 8192) / d.size;
    const v = (y / scale + pan.y + 8192) / d.size;
    const value = patches[((v * 16) & (dappleSide - 1)) * dappleSide + ((u * 16) & (dappleSide - 1))];
    return 1 - d.strength * Math.max(0, Math.min(1, (value - 0.45) * 5));
  };

  const toPlanes = (light: Float32Array, gain: number, pan: { readonly x: number; readonly y: number }): void => {
    blue.fill(0);
    red.fill(0);
    for (let y = 0, i = 0, o = 0; y < height; y++) {
      const half = (y >> 1) * halfWidth;
      let patch = 1;
      for (let x = 0; x < width; x++, i++, o += 3) {
        if (finish.dapple && (x & 3) === 0) patch = lightAt(x, y, pan);
        const k = gain * vignette[i] * patch;
        const r = Math.sqrt(light[o] * k);
        const g = Math.sqrt(light[o + 1] * k);
        const b = Math.sqrt(light[o + 2] * k);
        const l = 0.299 * r + 0.587 * g + 0.114 * b;
        luma[i] = l;
        const c = half + (x >> 1);
        blue[c] += 0.25 * 0.564 * (b - l) * finish.saturation;
        red[c] += 0.25 * 0.713 * (r - l) * finish.saturation;
      }
    }
    // A last odd column or row has half the samples.
    if (width & 1) for (let c = halfWidth - 1; c < blue.length; c += halfWidth) (blue[c] *= 2), (red[c] *= 2);
    if (height & 1) for (let c = blue.length - halfWidth; c < blue.length; c++) (blue[c] *= 2), (red[c] *= 2);
  };

  const addGrain = (frame: number): void => {
    if (finish.grain <= 0) return;
    const r = random((seed ^ Math.imul(frame + 1, 0x9e3779b1)) >>> 0);
    // Grain is a little coarser than a pixel: neighbours share half of it.
    let last = 0;
    for (let i = 0, k = 0; i < pixels; i++) {
      if ((i & 255) === 0) k = r.int(0, 1 << 16);
      const next = grain[k++ & 0xffff];
      luma[i] += finish.grain * (0.75 * next + 0.6 * last);
      last = next;
    }
    for (let i = 0, k = r.int(0, 1 << 16); i < blue.length; i++) {
      blue[i] += 0.4 * finish.grain * grain[k++ & 0xffff];
      red[i] += 0.4 * finish.grain * grain[k++ & 0xffff];
    }
  };

  const toBytes = (): Uint8Array => {
    const out = new Uint8Array(pixels * 3);
    for (let y = 0, i = 0, o = 0; y < height; y++) {
      const half = (y >> 1) * halfWidth;
      for (let x = 0; x < width; x++, i++, o += 3) {
        const l = luma[i] + 0.5;
        const cb = blue[half + (x >> 1)];
        const cr = red[half + (x >> 1)];
        const r = l + 1.402 * cr;
        const g = l - 0.344 * cb - 0.714 * cr;
        const b = l + 1.772 * cb;
        out[o] = r < 0 ? 0 : r > 255 ? 255 : r;
        out[o + 1] = g < 0 ? 0 : g > 255 ? 255 : g;
        out[o + 2] = b < 0 ? 0 : b > 255 ? 255 : b;
      }
    }
    return out;
  };

  return {
    develop(light, frame, pan) {
      toPlanes(light, Math.max(0.2, 1 + finish.gainDrift * frame), pan);
      const blur = finish.blur * scale;
      if (blur > 0.05) blurPlane(luma, width, height, blur);
      addGrain(frame);
      if (finish.quality < 100) {
        for (let i = 0; i < pixels; i++) luma[i] -= 128;
        quantisePlane(luma, width, height, steps.luma);
        for (let i = 0; i < pixels; i++) luma[i] += 128;
        quantisePlane(blue, halfWidth, halfHeight, steps.chroma);
        quantisePlane(red, halfWidth, halfHeight, steps.chroma);
      }
      return toBytes();
    },
  };
}
