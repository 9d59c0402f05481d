/**
 * Random walker segmentation (Grady, PAMI 2006): the probability that a walk from each pixel, which rather goes to
 * similar neighbours, meets a foreground seed first. 4-connected; the linear system is solved by conjugate gradients
 * with a Jacobi preconditioner, started from the solution on a grid of half the size, which settles the long waves.
 */
import { type LinkGrid, upsample } from '../primitives/index.js';
import type { PromptArithmetic } from './arithmetic.js';
import { blockSays } from './labels.js';

/** Weight of squared Lab difference, and how unlikely a step can get. */
const COLOUR = 0.006;
const LONGEST = 12;
const LEAST = 1e-5;
/** Iterations on the grids, the finest first; each coarser one has half the sides. */
const ROUNDS = [20, 30, 80];

/** Links of the walk on a grid and on coarser ones, the finest first. */
export type Links = readonly LinkGrid[];

/** Two flow planes, half-grid pixels. */
interface Flow {
  readonly u: Float32Array;
  readonly v: Float32Array;
}

function gridOf(lab: Float32Array, flow: Flow | null, width: number, height: number): LinkGrid {
  const stride = width + 2;
  const n = stride * (height + 2);
  const right = new Float32Array(n);
  const below = new Float32Array(n);
  const total = new Float32Array(n);
  const link = (k: number, r: number): number => {
    const x = lab[k * 3] - lab[r * 3];
    const y = lab[k * 3 + 1] - lab[r * 3 + 1];
    const z = lab[k * 3 + 2] - lab[r * 3 + 2];
    let e = COLOUR * (x * x + y * y + z * z);
    if (flow) e += (flow.u[k] - flow.u[r]) ** 2 + (flow.v[k] - flow.v[r]) ** 2;
    return Math.exp(-Math.min(e, LONGEST)) + LEAST;
  };
  for (let y = 0, k = 0; y < height; y++) {
    let p = (y + 1) * stride + 1;
    for (let x = 0; x < width; x++, k++, p++) {
      if (x < width - 1) right[p] = link(k, k + 1);
      if (y < height - 1) below[p] = link(k, k + width);
      total[p] = right[p] + below[p] + right[p - 1] + below[p - stride];
    }
  }
  return { width, height, stride, right, below, total };
}

function halve(plane: Float32Array, width: number, height: number, channels: number): Float32Array {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Float32Array(w * h * channels);
  const row = width * channels;
  for (let y = 0, q = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      for (let c = 0, a = 2 * y * row + 2 * x * channels + c; c < channels; c++, a++, q++)
        out[q] = 0.25 * (plane[a] + plane[a + channels] + plane[a + row] + plane[a + row + channels]);
  return out;
}

/** Links by colour, and by motion where a flow is given. `lab` is interleaved. */
export function linksOf(lab: Float32Array, flow: Flow | null, width: number, height: number): Links {
  const links: LinkGrid[] = [];
  let level = { lab, flow, width, height };
  while (links.length < ROUNDS.length) {
    const { lab: colours, flow: motion, width: w, height: h } = level;
    links.push(gridOf(colours, motion, w, h));
    if (w < 16 || h < 16) break;
    const half = motion && { u: halve(motion.u, w, h, 1), v: halve(motion.v, w, h, 1) };
    level = { lab: halve(colours, w, h, 3), flow: half, width: w >> 1, height: h >> 1 };
  }
  return links;
}

/** A start with the seeds set, and the inverse diagonal that is 0 at seeds. */
function begin(grid: LinkGrid, seeds: Int8Array, start: Float32Array | null) {
  const x = new Float32Array(grid.total.length);
  const inverse = new Float32Array(grid.total.length);
  for (let y = 0, k = 0; y < grid.height; y++) {
    let p = (y + 1) * grid.stride + 1;
    for (let i = 0; i < grid.width; i++, k++, p++) {
      x[p] = seeds[k] > 0 ? 1 : seeds[k] < 0 || !start ? 0 : start[k];
      inverse[p] = seeds[k] === 0 ? 1 / grid.total[p] : 0;
    }
  }
  return { x, inverse };
}

function inner(grid: LinkGrid, x: Float32Array): Float32Array {
  const out = new Float32Array(grid.width * grid.height);
  for (let y = 0; y < grid.height; y++) {
    const p = (y + 1) * grid.stride + 1;
    out.set(x.subarray(p, p + grid.width), y * grid.width);
  }
  return out;
}

function coarseSeeds(seeds: Int8Array, width: number, height: number): Int8Array {
  const [w, h] = [width >> 1, height >> 1];
  const out = new Int8Array(w * h);
  for (let y = 0, q = 0; y < h; y++)
    for (let x = 0; x < w; x++, q++) {
      out[q] = blockSays(seeds, 2 * y * width + 2 * x, width);
    }
  return out;
}

/** Probability of the object, 0..1, from seeds 1 (object), -1 (background) and 0 on the finest grid of `links`. */
export function randomWalker(links: Links, seeds: Int8Array, a: Pick<PromptArithmetic, 'solveLinks'>): Float32Array {
  const seedsOn = [seeds];
  for (const { width, height } of links.slice(0, -1)) seedsOn.push(coarseSeeds(seedsOn.at(-1)!, width, height));
  let answer: Float32Array | null = null;
  for (let level = links.length - 1; level >= 0; level--) {
    const grid = links[level];
    const coarser = links[level + 1];
    const start = answer && upsample(answer, coarser.width, coarser.height, grid.width, grid.height);
    const { x, inverse } = begin(grid, seedsOn[level], start);
    a.solveLinks(grid, inverse, x, ROUNDS[level]);
    answer = inner(grid, x);
  }
  return answer!;
}
