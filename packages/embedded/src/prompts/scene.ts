import { halvePlane, type RobustRounds } from '../primitives/index.js';
import type { PromptArithmetic } from './arithmetic.js';
import { type Steps, stepsOf } from './geodesic.js';
import { type Links, linksOf } from './random-walker.js';
import { modelOf, noveltyAgainst } from './surroundings.js';

/** A frame as the prompts see it, on the half grid of the working picture. */
export interface PromptPicture {
  /** Size of the half grid; both sides at least 8. */
  readonly width: number;
  readonly height: number;
  /** Interleaved Lab of the half grid. */
  readonly lab: Float32Array;
}

/** Motion from a frame to a neighbour on the half grid, half-grid pixels; null for a still. */
export type PromptFlow = { readonly u: Float32Array; readonly v: Float32Array } | null;

/** Motion on the quarter grid, in half-grid pixels per frame. */
export interface PromptMotion {
  readonly u: Float32Array;
  readonly v: Float32Array;
  /** What is left after the camera's motion. */
  readonly ru: Float32Array;
  readonly rv: Float32Array;
}

/** What a frame shows without its motion: to be made while the motion is still being computed. */
export interface StillScene {
  readonly half: { readonly width: number; readonly height: number; readonly lab: Float32Array };
  readonly width: number;
  readonly height: number;
  /** Interleaved Lab of the quarter grid. */
  readonly lab: Float32Array;
  /** Links of the walk by colour alone. */
  readonly links: Links;
  /** How new each colour is against those near the frame's border, -2..2; quarter grid. */
  readonly novelty: Float32Array;
}

/** Everything about a frame that no prompt changes. Made once, used for every click on that frame. */
export interface PromptScene extends StillScene {
  readonly motion: PromptMotion | null;
  /** Links of the walk with motion; those by colour in a still. */
  readonly motionLinks: Links;
  readonly steps: Steps;
  /** Evidence maps for a network as far as no prompt changes them, where there is a network. */
  readonly evidence?: Float32Array;
}

/** Two more rounds at the middle scale than for a known mask: here the object is still among the points. */
const CAMERA_ROUNDS: RobustRounds = [null, 6, 2, 2, 2, 0.7, 0.7, 0.7, 0.7, 0.7];
/** Width of the ring of pixels, quarter grid, that counts as the frame's border. */
const RING = 6;

function halveLab(lab: Float32Array, width: number, height: number): Float32Array {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Float32Array(w * h * 3);
  for (let y = 0, q = 0; y < h; y++) {
    let a = 2 * y * width * 3;
    let b = a + width * 3;
    for (let x = 0; x < w; x++, a += 6, b += 6)
      for (let c = 0; c < 3; c++, q++) out[q] = 0.25 * (lab[a + c] + lab[a + 3 + c] + lab[b + c] + lab[b + 3 + c]);
  }
  return out;
}

/** Motion less the robust affine motion of the whole frame, in which the middle counts less: objects stand there. */
function promptMotion({ half }: StillScene, flow: NonNullable<PromptFlow>, a: PromptArithmetic): PromptMotion {
  const { width, height } = half;
  const weightAt = (x: number, y: number): number =>
    Math.max(Math.abs(x / width - 0.5), Math.abs(y / height - 0.5)) > 0.3 ? 1 : 0.4;
  const camera = a.fitAffine(flow.u, flow.v, weightAt, width, height, 5, CAMERA_ROUNDS);
  const u = halvePlane(flow.u, width, height);
  const v = halvePlane(flow.v, width, height);
  const ru = u.slice();
  const rv = v.slice();
  if (camera) {
    const [w, h] = [width >> 1, height >> 1];
    for (let y = 0, k = 0; y < h; y++) {
      const Y = (2 * y + 0.5) / height - 0.5;
      for (let x = 0; x < w; x++, k++) {
        const X = (2 * x + 0.5) / width - 0.5;
        ru[k] -= camera.u[0] + camera.u[1] * X + camera.u[2] * Y;
        rv[k] -= camera.v[0] + camera.v[1] * X + camera.v[2] * Y;
      }
    }
  }
  return { u, v, ru, rv };
}

/** Prepares a frame's picture. @throws RangeError for grids under 8x8 and planes that do not fit. */
export function stillScene(picture: PromptPicture, arithmetic: PromptArithmetic): StillScene {
  const half = { width: picture.width, height: picture.height, lab: picture.lab };
  if (half.width < 8 || half.height < 8)
    throw new RangeError(`a prompted half grid has at least 8x8 pixels, got ${half.width}x${half.height}`);
  if (half.lab.length !== half.width * half.height * 3)
    throw new RangeError(`picture.lab must hold ${half.width * half.height * 3} values, got ${half.lab.length}`);
  const [width, height] = [half.width >> 1, half.height >> 1];
  const lab = halveLab(half.lab, half.width, half.height);
  const inRing = (k: number): boolean => {
    const x = k % width;
    return x < RING || x >= width - RING || k < RING * width || k >= (height - RING) * width;
  };
  const border = modelOf(lab, width * height, inRing, 8, 3000, arithmetic) ?? arithmetic.fitColourModel(lab, 8, 5);
  const novelty = new Float32Array(width * height);
  noveltyAgainst(border, lab, novelty);
  return { half, width, height, lab, links: linksOf(lab, null, width, height), novelty };
}

/** A frame's picture and its motion. */
export function promptScene(still: StillScene, flow: PromptFlow, arithmetic: PromptArithmetic): PromptScene {
  const { lab, width, height, links } = still;
  const motion = flow && promptMotion(still, flow, arithmetic);
  const motionLinks = motion ? linksOf(lab, motion, width, height) : links;
  return { ...still, motion, motionLinks, steps: stepsOf(lab, motion, width, height) };
}
