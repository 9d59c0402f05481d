import { PER_POINT, type Shape, type ShapeKey } from '../values/index.js';
import type { Region } from './regions.js';
import type { ShapeStatistics } from './statistics.js';

/** A shape and what it came to. */
export interface FittedShape {
  readonly shape: Shape;
  readonly statistics: ShapeStatistics;
}

/**
 * Keys that a hand made or changed of the shape with a label, by position in the region's frames. Keys of another number of
 * points are none: points can only be told apart by their numbers.
 */
export function editedKeys(
  label: string,
  points: number,
  { on }: Region,
  earlier: readonly Shape[],
): ReadonlyMap<number, ShapeKey> {
  const keys = earlier.find((s) => s.id === label)?.keys.filter((k) => k.edited) ?? [];
  const found = new Map<number, ShapeKey>();
  for (const key of keys) {
    const i = on.findIndex((o) => o.frame === key.frame);
    if (i >= 0 && key.outline.length === points * PER_POINT) found.set(i, key);
  }
  return found;
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
