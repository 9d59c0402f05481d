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

/** How often the camera is nearer, and how much at most. */
const NEARER = { chance: 0.4, most: 3 } as const;

/** A part of the picture enlarged to its size. */
interface Nearer {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

/**
 * Somewhere nearer the object, by chance: made-up objects are seldom as large as what people film from close by, and
 * seldom cut off by the frame. The window holds a random pixel of the object.
 */
function nearerTo(mask: Uint8Array, r: Random): Nearer | null {
  if (!r.chance(NEARER.chance)) return null;
  const scale = r.range(1.25, NEARER.most);
  let k = r.int(0, mask.length);
  for (let tries = 0; tries < 4000 && mask[k] < 128; tries++) k = r.int(0, mask.length);
  const [w, h] = [SIZE.width / scale, SIZE.height / scale];
  const place = (at: number, side: number, whole: number) => Math.max(0, Math.min(whole - side, at - side * r.next()));
  return { left: place(k % SIZE.width, w, SIZE.width), top: place(Math.floor(k / SIZE.width), h, SIZE.height), scale };
}

/** Interleaved bytes of `channels` enlarged bilinearly. */
function enlarge(bytes: Uint8Array, channels: number, { left, top, scale }: Nearer): Uint8Array {
  const { width, height } = SIZE;
  const out = new Uint8Array(bytes.length);
  for (let y = 0, o = 0; y < height; y++) {
    const sy = Math.min(height - 1.001, Math.max(0, top + (y + 0.5) / scale - 0.5));
    for (let x = 0; x < width; x++) {
      const sx = Math.min(width - 1.001, Math.max(0, left + (x + 0.5) / scale - 0.5));
      const [fx, fy] = [sx % 1, sy % 1];
      const i = (Math.floor(sy) * width + Math.floor(sx)) * channels;
      for (let c = i; c < i + channels; c++, o++) {
        const upper = bytes[c] * (1 - fx) + bytes[c + channels] * fx;
        const lower = bytes[c + width * channels] * (1 - fx) + bytes[c + (width + 1) * channels] * fx;
        out[o] = upper * (1 - fy) + lower * fy + 0.5;
      }
    }
  }
  return out;
}

/** One frame of the scene of a seed; null where the object is hardly there. The levels of difficulty go round. */
export async function clickCase(seed: number, assets: Assets, flow: FlowService, r: Random): Promise<ClickCase | null> {
  const counts = { photos: assets.photos.length, footage: assets.footage.length, performers: assets.performers.length };
  const level = ((seed % 4) + 1) as 1 | 2 | 3 | 4;
  const scene = inventScene(seed, { ...SIZE, frames: FRAMES, level, assets: counts });
  const at = r.int(1, FRAMES - 2);
  const pictures: Uint8Array[] = [];
  let cover = new Uint8Array(0);
  for await (const frame of renderScene(scene, assets, [at, at + 1])) {
    pictures.push(frame.rgb.slice());
    if (pictures.length === 1) cover = frame.masks[0].slice();
  }
  const nearer = nearerTo(cover, r);
  if (nearer) for (const i of [0, 1]) pictures[i] = enlarge(pictures[i], 3, nearer);
  const mask = halvePlane(nearer ? enlarge(cover, 1, nearer) : cover, SIZE.width, SIZE.height).map((v) => v / 255);
  const values = Uint8Array.from(mask, (v) => (v > 0.5 ? 1 : 0));
  const area = values.reduce((sum, v) => sum + v, 0);
  if (area < LEAST_AREA || area > MOST_AREA) return null;
  const [a, b] = pictures.map((rgb, i) => ({ index: seed * FRAMES + at + i, ...SIZE, rgb }));
  const lab = labFromRgb(halveRgb(pictures[0], SIZE.width, SIZE.height));
  const soft = halvePlane(mask, HALF.width, HALF.height);
  return { lab, flow: (await flow.pair(a, b)).forward, truth: { values, ...HALF }, soft };
}
