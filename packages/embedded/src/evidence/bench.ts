import type * as primitives from '../primitives/index.js';
import type { Grids } from './grids.js';
import type { Planes } from './planes.js';

/** The arithmetic the engine calls: in plain TypeScript or compiled, with equal meaning. */
export type Kernels = Pick<
  typeof primitives,
  'labFromRgb' | 'signedDistance' | 'fitColourModel' | 'logRatios' | 'bandCut' | 'boxSum' | 'fitAffine' | 'cleanup'
>;

/** What every step of the engine works with: the grids of the clip, the arithmetic, and planes to write on. */
export interface Bench {
  readonly grids: Grids;
  readonly kernels: Kernels;
  readonly planes: Planes;
}
