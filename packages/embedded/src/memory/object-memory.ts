import { type Box, boxHeight, boxOf, boxWidth, EMPTY_BOX, type Size } from '@rotokit/core/values';
import type { ColourPair } from './colours.js';
import type { MotionPrior } from './motion-prior.js';
import type { Shape } from './shape.js';
import type { LocalWindow } from './windows.js';

/** One frame's worth of per-pixel memory on the whole half grid. Outside `region` it is certain background. */
export interface PixelMemory {
  region: Box;
  /** How much each pixel belonged to the object, 0..1: the last answer. */
  readonly soft: Float32Array;
  /** The last answer as labels 0 and 1. */
  readonly inside: Uint8Array;
  /** What each pixel was along its trajectory, 0..1, slowly following the answers ... */
  readonly label: Float32Array;
  /** ... and how much evidence that rests on, 0..1. */
  readonly confidence: Float32Array;
}

/** Everything the engine remembers of one object. */
export interface ObjectMemory {
  pixels: PixelMemory;
  /** The pixel memory before the last one, to be overwritten by the next. */
  spare: PixelMemory;
  /** Bounds of `pixels.inside`; empty while the object is not seen. */
  bounds: Box;
  /** Colours of the frame the object was given on: never changed. */
  first: ColourPair | null;
  /** Colours of its recent answers. */
  recent: ColourPair | null;
  windows: LocalWindow[];
  shape: Shape;
  /** The area it should have now, from its first area and the growth of its motion since. */
  areaReference: number;
  prior: MotionPrior;
  /** Frames walked since it was given. */
  steps: number;
}

/** A pixel memory that remembers nothing. */
export function blankPixels(half: Size): PixelMemory {
  const n = half.width * half.height;
  return {
    region: EMPTY_BOX,
    soft: new Float32Array(n),
    inside: new Uint8Array(n),
    label: new Float32Array(n),
    confidence: new Float32Array(n).fill(1),
  };
}

/** Sets back to certain background what was written, and declares `region` the part that will be. */
export function beginRegion(pixels: PixelMemory, region: Box, half: Size): void {
  const old = pixels.region;
  const width = boxWidth(old);
  for (let y = old.y0; y < old.y1; y++) {
    const a = y * half.width + old.x0;
    pixels.soft.fill(0, a, a + width);
    pixels.inside.fill(0, a, a + width);
    pixels.label.fill(0, a, a + width);
    pixels.confidence.fill(1, a, a + width);
  }
  pixels.region = region;
}

/** Forgets where the object is; what it looks like stays. */
export function forgetPlace(memory: ObjectMemory, half: Size): void {
  beginRegion(memory.pixels, EMPTY_BOX, half);
  memory.bounds = EMPTY_BOX;
}

/** Copies the part `box` of a half-grid plane into `out`, raster order. */
export function copyBox<T extends Float32Array | Uint8Array>(plane: T, half: Size, box: Box, out: T): T {
  const width = boxWidth(box);
  const whole = boxOf(half);
  for (let y = 0; y < boxHeight(box); y++) {
    const a = (box.y0 + y) * whole.x1 + box.x0;
    out.set(plane.subarray(a, a + width), y * width);
  }
  return out;
}
