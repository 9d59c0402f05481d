import { contactDeliverable } from './contact.js';
import type { Deliverable, DeliverableName } from './deliverable.js';
import { type ExrOptions, exrDeliverable } from './exr.js';
import { previewDeliverable, proresDeliverable, vp9Deliverable } from './movies.js';
import { davisDeliverable, pngDeliverable } from './png.js';

/** Choices that concern single formats. */
export interface DeliverableOptions {
  readonly exr?: ExrOptions;
}

/** Every format by its name. */
export const DELIVERABLES: Readonly<Record<DeliverableName, (options: DeliverableOptions) => Deliverable>> = {
  exr: ({ exr }) => exrDeliverable(exr),
  png: () => pngDeliverable,
  davis: () => davisDeliverable,
  prores: () => proresDeliverable,
  vp9: () => vp9Deliverable,
  preview: () => previewDeliverable,
  contact: () => contactDeliverable,
};
