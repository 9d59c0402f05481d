import type { FrameIndex } from '@rotokit/core/values';
import { openClip } from '@rotokit/media';
import type { FlowFrame } from '../packages/embedded/src/flow/types.js';
import { resizePlan, resizeRgb } from '../packages/embedded/src/primitives/resize.js';
import { evenSamples, halveRgb, plainKernels as plain } from './embedded.js';

/** The size all kernels are measured at. */
export const SIZE = { width: 854, height: 480 };

/** Two neighbouring frames of a clip at 854x480. */
export async function twoFrames(file: string, first: number): Promise<[FlowFrame, FlowFrame]> {
  const clip = await openClip(file);
  const frame = async (index: number): Promise<FlowFrame> => {
    const { picture } = await clip.read(Math.min(index, clip.info.frames - 1) as FrameIndex);
    const same = picture.width === SIZE.width && picture.height === SIZE.height;
    const rgb = same ? picture.samples : resizeRgb(resizePlan(picture, SIZE), picture.samples);
    return { index, ...SIZE, rgb: rgb.slice() };
  };
  try {
    return [await frame(first), await frame(first + 1)];
  } finally {
    await clip.close();
  }
}

/** A region of the half grid with a made-up object in it and all that a cut of it needs. */
export function regionScene(frame: FlowFrame) {
  const [width, height, x0, y0] = [200, 200, 110, 20];
  const half = halveRgb(frame.rgb, frame.width, frame.height);
  const wholeLab = plain.labFromRgb(half);
  const lab = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((y0 + y) * (frame.width >> 1) + x0) * 3;
    lab.set(wholeLab.subarray(from, from + width * 3), y * width * 3);
  }
  const fixed = Uint8Array.from({ length: width * height }, (_, k) => {
    const [x, y] = [(k % width) - 100, Math.floor(k / width) - 100];
    return Math.hypot(x, 0.8 * y) < 70 + 8 * Math.sin(6 * Math.atan2(y, x)) ? 1 : 0;
  });
  const distance = plain.signedDistance(fixed, width, height);
  const side = (sign: number) => Int32Array.from(distance.keys()).filter((k) => sign * distance[k]! > 1);
  const samples = (sign: number, most: number) => evenSamples(lab, side(sign), side(sign).length, most);
  const object = plain.fitColourModel(samples(1, 2500), 5, 6);
  const surround = plain.fitColourModel(samples(-1, 3500), 8, 6);
  const ratios = new Float32Array(width * height);
  plain.logRatios(object, surround, lab, ratios);
  const probability = Float32Array.from(distance, (d, k) => 1 / (1 + Math.exp(-(0.5 * d + 0.8 * ratios[k]!))));
  const band = Uint8Array.from(distance, (d) => (Math.abs(d) <= 14 ? 1 : 0));
  const cut = { lab, width, height, probability, band, fixed, lambda: 3, clip: 0.01 };
  return {
    half,
    cut,
    distance,
    object,
    surround,
    samples: samples(-1, 3500),
    few: samples(1, 300),
    out: ratios,
  };
}

/** The scene's outline and the picture at full size: what the second cut starts from. */
export function outlineScene(
  frame: { readonly width: number; readonly rgb: Uint8Array },
  { width: stride, probability }: { readonly width: number; readonly probability: Float32Array },
  distance: Float32Array,
) {
  const side = 2 * stride;
  const at = Array.from({ length: side }, (_, i) => Math.max(0, Math.min(stride - 1.001, (i + 0.5) / 2 - 0.5)));
  const places = { index: Int32Array.from(at), part: Float32Array.from(at, (p) => p % 1) };
  const box = { x0: 220, y0: 40, x1: 220 + side, y1: 40 + side };
  const grid = { box, width: side, height: side, columns: places, rows: places, working: 1 };
  return { ...grid, stride, distance, fused: probability, rgb: frame.rgb, across: frame.width };
}
