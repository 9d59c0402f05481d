import type { ObjectId } from './identity.js';
import { type SoftMask, sameMask } from './mask.js';
import type { Point, SourcePoint } from './space.js';

/** A click: the object is here (`positive`), or it is not. */
export interface PointPrompt {
  readonly kind: 'point';
  readonly at: SourcePoint;
  readonly positive: boolean;
}

/** A box around the object, corners in source pixels (continuous, `x0 < x1`, `y0 < y1`). */
export interface BoxPrompt {
  readonly kind: 'box';
  readonly from: SourcePoint;
  readonly to: SourcePoint;
}

/** A painted stroke: everything within `radius` source pixels of the polyline is the object, or is not. */
export interface BrushPrompt {
  readonly kind: 'brush';
  readonly path: readonly SourcePoint[];
  readonly radius: number;
  readonly positive: boolean;
}

/** A mask that is the answer on its frame. */
export interface MaskPrompt {
  readonly kind: 'mask';
  readonly mask: SoftMask;
}

/** Words for the thing, where an engine understands words. */
export interface TextPrompt {
  readonly kind: 'text';
  readonly text: string;
}

/** Anything a user can say about an object on one frame. */
export type Prompt = PointPrompt | BoxPrompt | BrushPrompt | MaskPrompt | TextPrompt;
/** The kinds of prompts. */
export type PromptKind = Prompt['kind'];

/** Everything said about one object on one frame. */
export interface ObjectPrompts {
  readonly object: ObjectId;
  readonly prompts: readonly Prompt[];
}

/** The points a prompt names, for checking them against the picture. */
export function promptPoints(p: Prompt): readonly Point[] {
  switch (p.kind) {
    case 'point':
      return [p.at];
    case 'box':
      return [p.from, p.to];
    case 'brush':
      return p.path;
    case 'mask':
    case 'text':
      return [];
  }
}

/** Whether two prompts say the same: masks by their values, everything else by its fields. */
export function samePrompt(a: Prompt, b: Prompt): boolean {
  if (a.kind === 'mask' || b.kind === 'mask') return a.kind === 'mask' && b.kind === 'mask' && sameMask(a.mask, b.mask);
  return JSON.stringify(a) === JSON.stringify(b);
}
