import {
  type Box,
  boxIntersect,
  boxIsEmpty,
  boxOf,
  boxUnion,
  EMPTY_BOX,
  MASK_ONE,
  maskFromPlane,
  maskToPlane,
  type Size,
  type SoftMask,
} from '@rotokit/core/values';
import type { Pair } from './gesture.js';

/** How a brush paints: its edge falls off over `(1 - hardness)` of the radius, never over less than a pixel. */
export interface BrushTip {
  readonly hardness: number;
  /** False takes away. */
  readonly positive: boolean;
}

/** A mask that a hand is changing: painted in place, so that it can be drawn while the hand moves. */
export class Painting {
  readonly size: Size;
  /** The mask as it is now, a whole plane of 0..65535. */
  readonly plane: Uint16Array;
  readonly #before: Uint16Array;
  #reach: Box;
  #dirty: Box;

  constructor(before: SoftMask) {
    this.size = before.size;
    this.#before = maskToPlane(before);
    this.plane = this.#before.slice();
    this.#reach = before.window;
    this.#dirty = boxOf(before.size);
  }

  /** What may be drawn: the mask before and everything painted since. */
  get reach(): Box {
    return this.#reach;
  }

  /** What changed since it was taken last; empty when nothing did. */
  get dirty(): Box {
    return this.#dirty;
  }

  /** Takes note of what changed: it is drawn. */
  takeDirty(): Box {
    const dirty = this.#dirty;
    this.#dirty = EMPTY_BOX;
    return dirty;
  }

  /** Paints from one place to another, the radius going from `r0` to `r1`. A dab is a segment without length. */
  stroke(from: Pair, to: Pair, r0: number, r1: number, tip: BrushTip): void {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const steps = Math.max(1, Math.ceil(length / Math.max(0.5, Math.min(r0, r1) / 4)));
    for (let n = length ? 1 : steps; n <= steps; n++) {
      const t = n / steps;
      this.#dab(from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, r0 + (r1 - r0) * t, tip);
    }
  }

  /** Adds or takes away an area given by its coverage, 0 to 255, row by row over a box within the picture. */
  area(box: Box, coverage: ArrayLike<number>, positive: boolean): void {
    for (let y = box.y0, k = 0; y < box.y1; y++)
      for (let x = box.x0; x < box.x1; x++, k++)
        this.#put(y * this.size.width + x, Number(coverage[k]) / 255, positive);
    this.#touched(box);
  }

  /** The mask as it is now. */
  mask(): SoftMask {
    return maskFromPlane(this.size, this.plane);
  }

  #dab(cx: number, cy: number, radius: number, { hardness, positive }: BrushTip): void {
    const outer = radius + 0.5;
    const fall = Math.max(1, radius * (1 - hardness));
    const around = {
      x0: Math.floor(cx - outer),
      y0: Math.floor(cy - outer),
      x1: Math.ceil(cx + outer),
      y1: Math.ceil(cy + outer),
    };
    const box = boxIntersect(around, boxOf(this.size));
    if (boxIsEmpty(box)) return;
    for (let y = box.y0; y < box.y1; y++) {
      const dy = y + 0.5 - cy;
      for (let x = box.x0; x < box.x1; x++) {
        const dx = x + 0.5 - cx;
        const t = Math.min(1, (outer - Math.sqrt(dx * dx + dy * dy)) / fall);
        if (t > 0) this.#put(y * this.size.width + x, t * t * (3 - 2 * t), positive);
      }
    }
    this.#touched(box);
  }

  /** Where dabs of one stroke overlap the strongest counts: a slow hand paints no more than a quick one. */
  #put(at: number, strength: number, positive: boolean): void {
    const before = this.#before[at] as number;
    const now = this.plane[at] as number;
    if (positive) this.plane[at] = Math.max(now, Math.round(before + (MASK_ONE - before) * strength));
    else this.plane[at] = Math.min(now, Math.round(before * (1 - strength)));
  }

  #touched(box: Box): void {
    this.#reach = boxUnion(this.#reach, box);
    this.#dirty = boxUnion(this.#dirty, box);
  }
}
