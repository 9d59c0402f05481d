import { PER_POINT, type Shape, type ShapeKey } from '../../values/index.js';
import type { Region } from '../contours/regions.js';
import type { ShapeStatistics } from '../statistics.js';
import { type Feathered, matchPoints, withPointsOf } from './carry.js';

/** A shape and what it came to. */
export interface FittedShape {
  readonly shape: Shape;
  readonly statistics: ShapeStatistics;
}

/**
 * Keys that a hand made or changed, by position in the region's frames, how many points were put on each, and which point of the fit is
 * their first.
 */
export interface EditedKeys {
  readonly on: ReadonlyMap<number, Feathered>;
  readonly inserted: number;
  readonly first: number;
}

const NONE: EditedKeys = { on: new Map(), inserted: 0, first: 0 };

/** How many points an edited shape has; 0 where there is none of this name. */
export function editedPoints(label: string, earlier: readonly Shape[]): number {
  const shape = earlier.find((s) => s.id === label && s.keys.some((k) => k.edited));
  return shape?.corners.length ?? 0;
}

/**
 * The edited keys of the shape with a label, with the points of the new fit, `outlines` on the region's frames. Where that has more of them
 * than the edited shape, points are put on its curve. None where there are fewer, or where what has the label now is another shape.
 */
export function editedKeys(
  label: string,
  outlines: readonly Float64Array[],
  { on }: Region,
  earlier: readonly Shape[],
): EditedKeys {
  const keys = earlier.find((s) => s.id === label)?.keys.filter((k) => k.edited) ?? [];
  const found = keys.flatMap((key): (readonly [number, ShapeKey])[] => {
    const i = on.findIndex((o) => o.frame === key.frame);
    return i >= 0 ? [[i, key]] : [];
  });
  if (!found.length) return NONE;
  const match = matchPoints(
    found.map(([, key]) => key.outline),
    found.map(([i]) => outlines[i]),
  );
  if (!match) return NONE;
  return {
    on: new Map(found.map(([i, key]) => [i, withPointsOf(key, outlines[i], match)])),
    inserted: outlines[0].length / PER_POINT - match.length,
    first: match[0],
  };
}

/** Fitted shapes, but an edited one stays as it was where a new fit could not take over every edited key of it. */
export function keepEdited(fitted: readonly FittedShape[], earlier: readonly Shape[]) {
  const lost = earlier.filter((shape) => {
    const now = fitted.find((f) => f.shape.id === shape.id)?.shape;
    return shape.keys.some((k) => k.edited && !now?.keys.some((n) => n.edited && n.frame === k.frame));
  });
  const instead = new Map(lost.map((shape) => [shape.id, shape]));
  const asTheyWere = lost.map((shape) => shape.id);
  const shapes = fitted.map(({ shape }) => instead.get(shape.id) ?? shape);
  return {
    shapes: [...shapes, ...lost.filter((shape) => !shapes.includes(shape))],
    statistics: fitted.filter((f) => !instead.has(f.shape.id)).map((f) => f.statistics),
    asTheyWere,
  };
}
