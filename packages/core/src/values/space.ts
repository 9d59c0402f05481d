/**
 * Space: the origin is the top left corner of the picture, x runs right, y runs down, and the centre of the first
 * pixel is (0.5, 0.5). Points of different spaces are different types; a `Fit` maps between two of them.
 */
declare const space: unique symbol;

/** A point in some space, in that space's units. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixels of the displayed picture: rotation and pixel aspect are already applied. */
export type SourcePoint = Point & { readonly [space]: 'source' };
/** Pixels of the grid an engine works on. */
export type ModelPoint = Point & { readonly [space]: 'model' };
/** CSS pixels of a view. */
export type ScreenPoint = Point & { readonly [space]: 'screen' };

const point = (name: string, x: number, y: number) => {
  if (!Number.isFinite(x) || !Number.isFinite(y))
    throw new RangeError(`${name} needs finite coordinates, got ${x},${y}`);
  return { x, y };
};

/** A point of the displayed picture. @throws RangeError for coordinates that are not finite. */
export const sourcePoint = (x: number, y: number): SourcePoint => point('source point', x, y) as SourcePoint;
/** A point of an engine's grid. @throws RangeError for coordinates that are not finite. */
export const modelPoint = (x: number, y: number): ModelPoint => point('model point', x, y) as ModelPoint;
/** A point of a view. @throws RangeError for coordinates that are not finite. */
export const screenPoint = (x: number, y: number): ScreenPoint => point('screen point', x, y) as ScreenPoint;

/** Width and height in whole pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A size with positive whole sides. @throws RangeError otherwise. */
export function size(width: number, height: number): Size {
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`a size has positive whole sides, got ${width}x${height}`);
  }
  return { width, height };
}

/** Whether two sizes are the same. */
export const sameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/** A box of whole pixels, half-open: `x0 <= x < x1`, `y0 <= y < y1`. Empty when a side is 0. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The box that holds nothing. */
export const EMPTY_BOX: Box = { x0: 0, y0: 0, x1: 0, y1: 0 };
/** Width of a box in pixels. */
export const boxWidth = (b: Box): number => b.x1 - b.x0;
/** Height of a box in pixels. */
export const boxHeight = (b: Box): number => b.y1 - b.y0;
/** Whether a box holds no pixel. */
export const boxIsEmpty = (b: Box): boolean => b.x1 <= b.x0 || b.y1 <= b.y0;
/** The box of a whole picture. */
export const boxOf = (s: Size): Box => ({ x0: 0, y0: 0, x1: s.width, y1: s.height });

/** The common part of two boxes; `EMPTY_BOX` when there is none. */
export function boxIntersect(a: Box, b: Box): Box {
  const r = { x0: Math.max(a.x0, b.x0), y0: Math.max(a.y0, b.y0), x1: Math.min(a.x1, b.x1), y1: Math.min(a.y1, b.y1) };
  return boxIsEmpty(r) ? EMPTY_BOX : r;
}

/** The smallest box around both; an empty one counts for nothing. */
export function boxUnion(a: Box, b: Box): Box {
  if (boxIsEmpty(a)) return b;
  if (boxIsEmpty(b)) return a;
  return { x0: Math.min(a.x0, b.x0), y0: Math.min(a.y0, b.y0), x1: Math.max(a.x1, b.x1), y1: Math.max(a.y1, b.y1) };
}

/** A box grown by `margin` pixels on every side and clamped to the picture. */
export function boxGrow(b: Box, margin: number, within: Size): Box {
  if (boxIsEmpty(b)) return EMPTY_BOX;
  return boxIntersect({ x0: b.x0 - margin, y0: b.y0 - margin, x1: b.x1 + margin, y1: b.y1 + margin }, boxOf(within));
}

/** An invertible scale-and-shift from space `A` to space `B`: `b = a * scale + shift`, per axis. */
export interface Fit<A extends Point, B extends Point> {
  to(p: A): B;
  from(p: B): A;
}

/** The fit that maps a picture of one size onto a picture of another size, edge to edge. */
export function fitSizes<A extends Point, B extends Point>(from: Size, to: Size): Fit<A, B> {
  const [sx, sy] = [to.width / from.width, to.height / from.height];
  return {
    to: (p) => ({ x: p.x * sx, y: p.y * sy }) as unknown as B,
    from: (p) => ({ x: p.x / sx, y: p.y / sy }) as unknown as A,
  };
}
