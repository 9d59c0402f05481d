import { type Box, boxGrow, boxHeight, boxWidth } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import { type ColourModel, evenSamples } from '../primitives/colour-model.js';

/** What the object looks like and what its surroundings look like, as two mixtures over Lab. */
export interface ColourPair {
  readonly object: ColourModel;
  readonly surround: ColourModel;
}

const OBJECT = { components: 5, samples: 2500 };
const SURROUND = { components: 8, samples: 3500 };
const ITERATIONS = 6;
/** Pixels nearer to the outline than this mix both colours; thin objects are taken whole. */
const CLEAR = 1;
const FEWEST = 30;
const FEWEST_OF_THIN = 8;

/**
 * Learns the colours of a mask on the half grid and of what lies within `reach` pixels around it. `bounds` holds every
 * set pixel of `inside`. `null` when one of the two sides is too small to say anything.
 */
export function learnColours(
  bench: Bench,
  lab: Float32Array,
  inside: Uint8Array,
  bounds: Box,
  reach: number,
): ColourPair | null {
  const { planes, kernels, grids } = bench;
  const box = boxGrow(bounds, reach + 2, grids.half);
  const [width, height, stride] = [boxWidth(box), boxHeight(box), grids.half.width];
  const n = width * height;
  const mask = planes.bytes('colours.mask', n);
  for (let y = 0; y < height; y++) {
    const row = (box.y0 + y) * stride + box.x0;
    mask.set(inside.subarray(row, row + width), y * width);
  }
  const distance = kernels.signedDistance(mask, width, height, planes.floats('colours.distance', n));
  const list = planes.indices('colours.list', n);
  const collect = (from: number, to: number): Int32Array => {
    let count = 0;
    for (let y = 0, k = 0; y < height; y++) {
      const row = (box.y0 + y) * stride + box.x0;
      for (let x = 0; x < width; x++, k++) if (distance[k] > from && distance[k] < to) list[count++] = row + x;
    }
    return list.subarray(0, count);
  };
  let pixels = collect(CLEAR, Infinity);
  if (pixels.length < FEWEST) pixels = collect(0, Infinity);
  if (pixels.length < FEWEST_OF_THIN) return null;
  const object = kernels.fitColourModel(
    evenSamples(lab, pixels, pixels.length, OBJECT.samples),
    OBJECT.components,
    ITERATIONS,
  );
  pixels = collect(-reach, -CLEAR);
  if (pixels.length < FEWEST) return null;
  const samples = evenSamples(lab, pixels, pixels.length, SURROUND.samples);
  return { object, surround: kernels.fitColourModel(samples, SURROUND.components, ITERATIONS) };
}
