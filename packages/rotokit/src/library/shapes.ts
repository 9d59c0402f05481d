import { type RegionEvent, rasteriseShapes, type ShapeSettings, type ShapeStatistics } from '@rotokit/core/shapes';
import { boxWidth, MASK_HALF, maskAt, type ObjectShapes, type SoftMask } from '@rotokit/core/values';

/** What the shapes of an object came to. */
export interface ObjectShapesReport {
  readonly object: string;
  readonly shapes: ObjectShapes['shapes'];
  /** A shape's points, keys, and largest distance from the matte's contour; frames as shown. */
  readonly statistics: readonly ShapeStatistics[];
  /** Where regions came, went, split or merged; frames as shown. */
  readonly events: readonly RegionEvent[];
  /** Islands and holes that were too small to become shapes, over all frames. */
  readonly leftOut: number;
  /** Edited shapes that stayed whole as they were, because the mattes no longer have them on all edited frames. */
  readonly asTheyWere: readonly string[];
  /** Area in common over joint area of shapes and matte at one half: mean, and worst with its frame as shown. */
  readonly iou: { readonly mean: number; readonly worst: number; readonly frame: number };
}

/** Shapes of a range of frames. */
export interface ShapesReport {
  readonly settings: ShapeSettings;
  readonly objects: readonly ObjectShapesReport[];
}

/** Area in common over joint area of two masks at one half; 1 where both are empty. */
export function maskIou(a: SoftMask, b: SoftMask): number {
  let [common, joint] = [0, 0];
  for (const [p, q, first] of [
    [a, b, true],
    [b, a, false],
  ] as const) {
    const width = boxWidth(p.window);
    for (let y = p.window.y0; y < p.window.y1; y++) {
      for (let x = p.window.x0; x < p.window.x1; x++) {
        if ((p.values[(y - p.window.y0) * width + x - p.window.x0] as number) < MASK_HALF) continue;
        const both = maskAt(q, x, y) >= MASK_HALF;
        if (first && both) common++;
        if (first || !both) joint++;
      }
    }
  }
  return joint ? common / joint : 1;
}

/** Collects the agreement of shapes and mattes frame by frame. */
export class Agreement {
  #sum = 0;
  #count = 0;
  #worst = 1;
  #frame: number | undefined;

  /** Compares the shapes of an object with its matte on a frame; `shown` is the frame's number. */
  add(
    shapes: ObjectShapes['shapes'],
    mask: SoftMask,
    frame: Parameters<typeof rasteriseShapes>[1],
    shown: number,
  ): void {
    const iou = maskIou(mask, rasteriseShapes({ shapes }, frame, mask.size));
    this.#sum += iou;
    this.#count++;
    this.#frame ??= shown;
    if (iou < this.#worst) [this.#worst, this.#frame] = [iou, shown];
  }

  /** Mean and worst so far. */
  get result(): ObjectShapesReport['iou'] {
    return { mean: this.#count ? this.#sum / this.#count : 1, worst: this.#worst, frame: this.#frame ?? 0 };
  }
}
