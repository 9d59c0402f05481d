import type { Kernels } from '../kernels/kernels.js';
import type { Grids } from './grids.js';
import type { Planes } from './planes.js';

/** What every step of the engine works with: the grids of the clip, the arithmetic, and planes to write on. */
export interface Bench {
  readonly grids: Grids;
  readonly kernels: Kernels;
  readonly planes: Planes;
}
