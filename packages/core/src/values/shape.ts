import type { ObjectId } from './identity.js';
import type { Size } from './space.js';
import type { FrameIndex, FrameNumber, FrameRange, FrameRate } from './time.js';

/** Numbers of a point in an outline: the point, the handle before it, the handle after it, each x and y. */
export const PER_POINT = 6;

/** A closed cubic Bezier outline at one time. */
export interface ShapeKey {
  readonly frame: FrameIndex;
  /** Six numbers a point: point, handle before, handle after; absolute, in source pixels (y down). */
  readonly outline: Float64Array;
  /** Width of the soft edge at each point beyond a hard one, in pixels, across the outline. */
  readonly feather: Float64Array;
  /** Made or changed by hand: fitting never changes it. */
  readonly edited: boolean;
}

/**
 * A shape that an artist can go on with: the same points in the same order on every key, moving in straight lines at an even
 * pace from key to key. Every stretch of frames in which it is visible begins and ends with a key.
 */
export interface Shape {
  readonly id: string;
  readonly name: string;
  /** Islands and parts are added, holes taken away; in the order of the list they are in. */
  readonly mode: 'add' | 'subtract';
  /** Which points are corners; the handles of all others lie on one line, or nearly so. */
  readonly corners: readonly boolean[];
  readonly visible: readonly FrameRange[];
  /** By frame; at least one. */
  readonly keys: readonly ShapeKey[];
}

/** The shapes of an object in the order they are painted in. Where added shapes overlap, the greater coverage counts. */
export interface ObjectShapes {
  readonly object: ObjectId;
  readonly name: string;
  /** Red, green, blue, 0..255, for hosts that colour splines. */
  readonly colour: readonly [red: number, green: number, blue: number];
  readonly shapes: readonly Shape[];
}

/** Everything a host needs to know of a shot's shapes. */
export interface ShapeScene {
  readonly shot: string;
  readonly size: Size;
  readonly rate: FrameRate;
  /** Frames that the scene is about; shapes are not visible outside. */
  readonly range: FrameRange;
  /** Number shown for frame index 0. */
  readonly first: FrameNumber;
  readonly objects: readonly ObjectShapes[];
}

/** How many points a shape has. */
export const pointsOf = (shape: Shape): number => shape.corners.length;

/** Whether a shape is there on a frame. */
export const isVisibleOn = (shape: Shape, frame: FrameIndex): boolean =>
  shape.visible.some((r) => frame >= r.start && frame < r.end);

/** The outline and feather of a shape on a frame, interpolated between keys; undefined where it is not visible. */
export function shapeOn(shape: Shape, frame: FrameIndex): Pick<ShapeKey, 'outline' | 'feather'> | undefined {
  if (!isVisibleOn(shape, frame)) return undefined;
  const { keys } = shape;
  let k = 0;
  while (k + 1 < keys.length && keys[k + 1].frame <= frame) k++;
  const [a, b] = [keys[k], keys[k + 1]];
  if (!b || frame <= a.frame) return a;
  const t = (frame - a.frame) / (b.frame - a.frame);
  const mix = (p: Float64Array, q: Float64Array) => p.map((v, i) => v + (q[i] - v) * t);
  return { outline: mix(a.outline, b.outline), feather: mix(a.feather, b.feather) };
}

/** Keys that fall into one stretch of visibility. */
export const keysIn = (shape: Shape, range: FrameRange): readonly ShapeKey[] =>
  shape.keys.filter((k) => k.frame >= range.start && k.frame < range.end);
