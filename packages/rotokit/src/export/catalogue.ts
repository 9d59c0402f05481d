import { contactDeliverable } from './contact.js';
import { type CutoutOptions, cutoutDeliverable, cutoutPngDeliverable } from './cutout.js';
import {
  cocoDeliverable,
  cvatDeliverable,
  davisDeliverable,
  labelmeDeliverable,
  motsDeliverable,
  motsPngDeliverable,
  youtubeVisDeliverable,
} from './datasets.js';
import type { DeliverableMaker, DeliverableName } from './deliverable.js';
import { cryptoDeliverable, type ExrOptions, exrDeliverable } from './exr.js';
import { previewDeliverable, proresDeliverable, vp9Deliverable } from './movies.js';
import { type DpxOptions, dpxDeliverable, pngDeliverable, tiffDeliverable } from './pictures.js';
import { type SplineOptions, splineDeliverable } from './splines.js';
import { edlDeliverable, otioDeliverable } from './timeline.js';

/** Choices that concern single formats. */
export interface DeliverableOptions {
  readonly exr?: ExrOptions;
  readonly dpx?: DpxOptions;
  readonly cutout?: CutoutOptions;
  /** How shapes are fitted, for every host. */
  readonly shapes?: SplineOptions;
}

/** Every format by its name. */
export const DELIVERABLES: Readonly<Record<DeliverableName, (options: DeliverableOptions) => DeliverableMaker>> = {
  exr: ({ exr }) => exrDeliverable(exr),
  crypto: ({ exr }) => cryptoDeliverable(exr),
  cutout: ({ cutout }) => cutoutDeliverable(cutout),
  'cutout-png': ({ cutout }) => cutoutPngDeliverable(cutout),
  png: () => pngDeliverable,
  tiff: () => tiffDeliverable,
  dpx: ({ dpx }) => dpxDeliverable(dpx),
  davis: () => davisDeliverable,
  coco: () => cocoDeliverable,
  'youtube-vis': () => youtubeVisDeliverable,
  mots: () => motsDeliverable,
  'mots-png': () => motsPngDeliverable,
  labelme: () => labelmeDeliverable,
  cvat: () => cvatDeliverable,
  otio: () => otioDeliverable,
  edl: () => edlDeliverable,
  nuke: ({ shapes }) => splineDeliverable('nuke', shapes),
  ae: ({ shapes }) => splineDeliverable('ae', shapes),
  fusion: ({ shapes }) => splineDeliverable('fusion', shapes),
  silhouette: ({ shapes }) => splineDeliverable('silhouette', shapes),
  blender: ({ shapes }) => splineDeliverable('blender', shapes),
  mlt: ({ shapes }) => splineDeliverable('mlt', shapes),
  natron: ({ shapes }) => splineDeliverable('natron', shapes),
  svg: ({ shapes }) => splineDeliverable('svg', shapes),
  lottie: ({ shapes }) => splineDeliverable('lottie', shapes),
  prores: () => proresDeliverable,
  vp9: () => vp9Deliverable,
  preview: () => previewDeliverable,
  contact: () => contactDeliverable,
};
