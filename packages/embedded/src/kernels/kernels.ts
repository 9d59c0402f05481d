import { regionMaps as plainRegionMaps } from '../evidence/region-maps.js';
import * as primitives from '../primitives/index.js';
import { softOutline as plainSoftOutline } from '../propagation/soft-outline.js';
import { fitAffine } from './affine.js';
import { fitColourModel, logRatios, windowColours } from './colour.js';
import { bandCut } from './cut.js';
import { signedDistance } from './distance.js';
import { labFromRgb } from './lab.js';
import { solveLinks } from './links.js';
import { softOutline } from './outline.js';
import { regionMaps } from './region-maps.js';
import { resizeRgb } from './resize.js';

/**
 * The arithmetic the engine spends its time in. Every function has the signature and the meaning of the primitive of
 * that name; a `Kernels` value says how it is computed.
 */
export type Kernels = Pick<
  typeof primitives,
  | 'labFromRgb'
  | 'signedDistance'
  | 'fitColourModel'
  | 'logRatios'
  | 'windowColours'
  | 'bandCut'
  | 'fitAffine'
  | 'cleanup'
  | 'solveLinks'
  | 'resizeRgb'
> & { readonly regionMaps: typeof plainRegionMaps; readonly softOutline: typeof plainSoftOutline };

/** Plain TypeScript throughout: the twins that tests compare the compiled ones with. */
export const plainKernels: Kernels = {
  ...primitives,
  regionMaps: plainRegionMaps,
  softOutline: plainSoftOutline,
};

/**
 * Compiled to WebAssembly where that pays (docs/performance.md), plain elsewhere. Lab, models, motions and cuts are those
 * of `plainKernels` bit for bit; log ratios and evidence maps differ by at most 1e-4, distances by one unit in the last
 * place, resized pictures and the second cut's values by one level (a pixel between two equal cuts may change sides).
 */
export const wasmKernels: Kernels = {
  cleanup: primitives.cleanup,
  ...{ labFromRgb, signedDistance, fitColourModel, logRatios, windowColours },
  ...{ bandCut, fitAffine, solveLinks, resizeRgb, regionMaps, softOutline },
};
