import { type FrameIndex, numberOf, PER_POINT, type Shape, type ShapeKey, type ShapeScene } from '@rotokit/core/values';

/** A file for a host: its name relative to the host's folder, and its text. */
export interface HostFile {
  readonly name: string;
  readonly text: string;
}

/** A program that takes our shapes. */
export interface Host {
  /** What people call it, with the version the format was written for. */
  readonly title: string;
  /** Whether the program itself has read files of ours, or what stands in for it in our tests. */
  readonly checked: string;
  files(scene: ShapeScene): readonly HostFile[];
}

/** One point of an outline: the point and both handles, absolute. */
export interface HostPoint {
  readonly x: number;
  readonly y: number;
  readonly inX: number;
  readonly inY: number;
  readonly outX: number;
  readonly outY: number;
}

/** The points of a key in source pixels. */
export function pointsOfKey({ outline }: Pick<ShapeKey, 'outline'>): readonly HostPoint[] {
  return Array.from({ length: outline.length / PER_POINT }, (_, i) => {
    const [x, y, inX, inY, outX, outY] = outline.subarray(i * PER_POINT, (i + 1) * PER_POINT);
    return { x, y, inX, inY, outX, outY };
  });
}

/** Ramps narrower than this many pixels beyond a hard edge are written as hard edges. */
const SOFT = 2;

/**
 * Width of a key's soft edge in pixels, the mean over its points, for hosts that soften a whole shape; 0 for every key of a
 * shape that is hard on the whole.
 */
export function featherOfKeys({ keys }: Shape): readonly number[] {
  const means = keys.map(({ feather }) => feather.reduce((a, b) => a + b, 0) / Math.max(1, feather.length));
  const mean = means.reduce((a, b) => a + b, 0) / Math.max(1, means.length);
  return mean < SOFT ? means.map(() => 0) : means;
}

/** Where a soft edge begins and ends at a point: full up to `inner`, nothing from `outer` on, `width` pixels apart. */
export interface SoftPoint {
  readonly inner: HostPoint;
  readonly outer: HostPoint;
  readonly width: number;
}

/**
 * The two outlines between which a shape's edge is soft, on each key, for hosts that have a feather at every point: half its width to
 * each side of the outline, along the normals of the points. Undefined for a shape that is hard on the whole.
 */
export function softEdgeOf(shape: Shape): readonly (readonly SoftPoint[])[] | undefined {
  if (featherOfKeys(shape).every((w) => w === 0)) return undefined;
  const outwards = runsClockwise(shape) ? 1 : -1;
  return shape.keys.map((key) => {
    const points = pointsOfKey(key);
    return points.map((p, i) => {
      const width = key.feather[i] ?? 0;
      const { x, y } = directionAt(points, i);
      const [dx, dy] = [(outwards * y * width) / 2, (-outwards * x * width) / 2];
      return { inner: movedBy(p, -dx, -dy), outer: movedBy(p, dx, dy), width };
    });
  });
}

/** The direction an outline runs in at a point, of length 1: from handle to handle, where they coincide from neighbour to neighbour. */
function directionAt(points: readonly HostPoint[], i: number): { readonly x: number; readonly y: number } {
  const { inX, inY, outX, outY } = points[i];
  const [before, after] = [points[(i + points.length - 1) % points.length], points[(i + 1) % points.length]];
  for (const [x, y] of [
    [outX - inX, outY - inY],
    [after.x - before.x, after.y - before.y],
  ]) {
    const length = Math.hypot(x, y);
    if (length > 1e-6) return { x: x / length, y: y / length };
  }
  return { x: 0, y: 0 };
}

const movedBy = (p: HostPoint, dx: number, dy: number): HostPoint => ({
  ...{ x: p.x + dx, y: p.y + dy },
  ...{ inX: p.inX + dx, inY: p.inY + dy, outX: p.outX + dx, outY: p.outY + dy },
});

/** Whether a shape runs clockwise on the screen, by the areas of its points on all keys together. */
export function runsClockwise({ keys }: Pick<Shape, 'keys'>): boolean {
  let twice = 0;
  for (const key of keys) {
    const points = pointsOfKey(key);
    points.forEach((p, i) => {
      const q = points[(i + 1) % points.length];
      twice += p.x * q.y - q.x * p.y;
    });
  }
  return twice > 0;
}

/** A number with at most so many decimals and no exponent, and never `-0`. */
export function decimal(value: number, digits = 4): string {
  const text = value.toFixed(digits).replace(/\.?0+$/, '');
  return text === '-0' || text === '' ? '0' : text;
}

/** The number shown for a key or frame. */
export const shown = (scene: ShapeScene, frame: FrameIndex): number => numberOf(scene, frame);

/**
 * A name of ASCII letters, digits and underscores that begins with a letter, not in `taken`, to which it is added: what
 * every host allows.
 */
export function identifier(name: string, taken: Set<string>): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const base = /^[A-Za-z]/.test(plain) ? plain : `shape_${plain}`;
  let unique = base;
  for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${base}_${n}`;
  taken.add(unique.toLowerCase());
  return unique;
}

/** ASCII for programs that read nothing else: other characters become underscores. */
export const ascii = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\x20-\x7e]/g, '_');

/**
 * When a shape is there, as values that hold until the next one: `[frame index, 1 or 0]`, beginning with the scene's first
 * frame. Hosts that interpolate get each value twice, see {@link steppedVisibility}.
 */
export function visibility({ visible }: Shape, { range }: ShapeScene): readonly (readonly [number, 0 | 1])[] {
  const changes: [number, 0 | 1][] = [];
  if (visible.length === 0 || visible[0].start > range.start) changes.push([range.start, 0]);
  for (const { start, end } of visible) {
    changes.push([start, 1]);
    if (end < range.end) changes.push([end, 0]);
  }
  return changes;
}

/** The same for hosts that interpolate in straight lines: the value before a change is set on the frame before it too. */
export function steppedVisibility(shape: Shape, scene: ShapeScene): readonly (readonly [number, 0 | 1])[] {
  const changes = visibility(shape, scene);
  return changes.flatMap(([frame, v], i) => {
    const before = changes[i - 1];
    return before && before[0] < frame - 1
      ? [[frame - 1, before[1]] as const, [frame, v] as const]
      : [[frame, v] as const];
  });
}

/** Text for XML. */
export const xml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** Text for a Python string in single quotes, ASCII only. */
export const python = (text: string): string =>
  `'${text
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
