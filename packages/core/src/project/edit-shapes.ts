import { frameRange, type ObjectId, PER_POINT, type Shape } from '../values/index.js';
import { type Change, NOTHING_CHANGED, put, remove } from './change.js';
import { unlocked } from './edit-objects.js';
import type { Project } from './project.js';
import { type ShapeRecord, shapeRecordId } from './record-types.js';

/**
 * Keeps a shape that a hand has edited: its keys marked `edited` are kept by every later fit. @throws RotokitError
 * OBJECT_UNKNOWN, OBJECT_LOCKED; RangeError for a shape without an edited key, or whose keys have other numbers of points.
 */
export function keepShape(p: Project, object: ObjectId, shape: Shape): Change {
  const { id } = unlocked(p, object);
  const points = shape.corners.length;
  if (!shape.keys.some((k) => k.edited)) throw new RangeError(`shape ${shape.id} has no edited key`);
  for (const k of shape.keys)
    if (k.outline.length !== PER_POINT * points || k.feather.length !== points)
      throw new RangeError(`keys of shape ${shape.id} must have ${points} points, that of frame ${k.frame} has not`);
  const record = {
    ...{ id: shapeRecordId(id, shape.id), type: 'shape', object: id, shape: shape.id, name: shape.name },
    ...{ mode: shape.mode, corners: [...shape.corners], visible: shape.visible.map((r) => [r.start, r.end]) },
    keys: shape.keys.map((k) => ({
      ...{ frame: k.frame, outline: [...k.outline], feather: [...k.feather], edited: k.edited },
    })),
  };
  return put(p, [record as unknown as ShapeRecord]);
}

/** Gives a shape back to the fit. A shape that is not kept changes nothing. @throws RotokitError OBJECT_UNKNOWN, OBJECT_LOCKED. */
export function forgetShape(p: Project, object: ObjectId, shape: string): Change {
  const record = p.record(shapeRecordId(unlocked(p, object).id, shape));
  return record ? remove([record]) : NOTHING_CHANGED;
}

/** The shape that a record keeps. */
export const shapeOf = ({ shape, name, mode, corners, visible, keys }: ShapeRecord): Shape => ({
  ...{ id: shape, name, mode, corners },
  visible: visible.map(([start, end]) => frameRange(start, end)),
  keys: keys.map(({ frame, outline, feather, edited }) => ({
    ...{ frame, outline: Float64Array.from(outline), feather: Float64Array.from(feather), edited },
  })),
});
