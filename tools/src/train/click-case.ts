import { type FlowService, halvePlane, halveRgb, labFromRgb } from '@rotokit/embedded/training';
import { type Assets, inventScene, type Random, renderScene } from '../scenes/index.js';

const SIZE = { width: 854, height: 480 } as const;
/** The grid on which prompts are given and answered. */
export const HALF = { width: SIZE.width >> 1, height: SIZE.height >> 1 } as const;
const FRAMES = 24;
/** Objects that cover less or more half-grid pixels are left out. */
const LEAST_AREA = 150;
const MOST_AREA = 0.55 * HALF.width * HALF.height;

/** A frame with the motion to its neighbour and the truth, on the half grid. */
export interface ClickCase {
  readonly lab: Float32Array;
  readonly flow: { readonly u: Float32Array; readonly v: Float32Array };
  readonly truth: { readonly values: Uint8Array; readonly width: number; readonly height: number };
  /** The truth of the quarter grid, 0..1. */
  readonly soft: Float32Array;
}

/** One frame of the scene of a seed; null where the object is hardly there. The levels of difficulty go round. */
export async function clickCase(seed: number, assets: Assets, flow: FlowService, r: Random): Promise<ClickCase | null> {
  const counts = { photos: assets.photos.length, footage: assets.footage.length, performers: assets.performers.length };
  const level = ((seed % 4) + 1) as 1 | 2 | 3 | 4;
  const scene = inventScene(seed, { ...SIZE, frames: FRAMES, level, assets: counts });
  const at = r.int(1, FRAMES - 2);
  const pictures: Uint8Array[] = [];
  let mask = new Float32Array(0);
  for await (const frame of renderScene(scene, assets, [at, at + 1])) {
    pictures.push(frame.rgb.slice());
    if (pictures.length === 1) mask = halvePlane(frame.masks[0], SIZE.width, SIZE.height).map((v) => v / 255);
  }
  const values = Uint8Array.from(mask, (v) => (v > 0.5 ? 1 : 0));
  const area = values.reduce((sum, v) => sum + v, 0);
  if (area < LEAST_AREA || area > MOST_AREA) return null;
  const [a, b] = pictures.map((rgb, i) => ({ index: seed * FRAMES + at + i, ...SIZE, rgb }));
  const lab = labFromRgb(halveRgb(pictures[0], SIZE.width, SIZE.height));
  const soft = halvePlane(mask, HALF.width, HALF.height);
  return { lab, flow: (await flow.pair(a, b)).forward, truth: { values, ...HALF }, soft };
}
