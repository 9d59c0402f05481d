import {
  type BoxPrompt,
  boxHeight,
  boxWidth,
  emptyMask,
  MASK_HALF,
  maskFromPlane,
  maskToPlane,
  type PointPrompt,
  type SoftMask,
  sourcePoint,
} from '../values/index.js';
import { differenceOf } from './region.js';

/**
 * The click an ideal user makes next: on the pixel deepest inside the largest connected error, positive where the object
 * is missing, negative where there is too much. `undefined` when the answer is right. The first click is the one for an
 * empty answer. This is the simulated user of interactive segmentation (Xu et al., "Deep Interactive Object Selection",
 * CVPR 2016).
 */
export function idealClick(truth: SoftMask, answer: SoftMask = emptyMask(truth.size)): PointPrompt | undefined {
  const { box, values } = differenceOf(truth, answer);
  const [width, height] = [boxWidth(box), boxHeight(box)];
  const error = largestError(values, width, height);
  if (!error) return undefined;
  const k = deepest(error.pixels, width, height);
  const at = sourcePoint(box.x0 + (k % width) + 0.5, box.y0 + Math.floor(k / width) + 0.5);
  return { kind: 'point', at, positive: error.kind === 1 };
}

/** The tight box around the truth at half, edge to edge. `undefined` for an empty mask. */
export function idealBox(truth: SoftMask): BoxPrompt | undefined {
  const cut = maskToPlane(truth).map((v) => (v >= MASK_HALF ? v : 0));
  const { window, values } = maskFromPlane(truth.size, cut);
  if (!values.length) return undefined;
  return { kind: 'box', from: sourcePoint(window.x0, window.y0), to: sourcePoint(window.x1, window.y1) };
}

/** The largest 4-connected region of one kind of error; of equal ones the first in raster order. */
function largestError(values: Uint8Array, width: number, height: number) {
  const seen = new Uint8Array(values.length);
  const stack = new Int32Array(values.length);
  let best: { kind: number; pixels: Int32Array } | undefined;
  for (let seed = 0; seed < values.length; seed++) {
    const kind = values[seed];
    if (!kind || seen[seed]) continue;
    let [top, done] = [1, 0];
    stack[0] = seed;
    seen[seed] = 1;
    const visit = (k: number) => {
      if (values[k] !== kind || seen[k]) return;
      seen[k] = 1;
      stack[top++] = k;
    };
    // The stack is read as a queue, so that in the end it holds the region.
    while (done < top) {
      const k = stack[done++];
      const x = k % width;
      if (x > 0) visit(k - 1);
      if (x < width - 1) visit(k + 1);
      if (k >= width) visit(k - width);
      if (k < (height - 1) * width) visit(k + width);
    }
    if (!best || top > best.pixels.length) best = { kind, pixels: stack.slice(0, top) };
  }
  return best;
}

/** The pixel of a region farthest (Euclidean) from anything that is not the region, beyond the box included. */
function deepest(pixels: Int32Array, width: number, height: number): number {
  const down = new Int32Array(width * height);
  for (const k of pixels) down[k] = height;
  for (let k = 0; k < down.length; k++) if (down[k]) down[k] = k < width ? 1 : down[k - width] + 1;
  for (let k = down.length - 1; k >= 0; k--)
    if (down[k]) down[k] = Math.min(down[k], k >= down.length - width ? 1 : down[k + width] + 1);
  let [at, most] = [pixels[0], -1];
  for (const k of [...pixels].sort((a, b) => a - b)) {
    const x = k % width;
    let d = down[k] ** 2;
    for (let dx = 1; dx * dx < d && d > most; dx++) {
      const left = x - dx < 0 ? 0 : down[k - dx];
      const right = x + dx >= width ? 0 : down[k + dx];
      d = Math.min(d, dx * dx + Math.min(left, right) ** 2);
    }
    if (d > most) [at, most] = [k, d];
  }
  return at;
}
