import type { Prompt } from '@rotokit/server/api';
import type { Tool } from '../model/studio-state.js';

/** A pair of source coordinates. */
export type Pair = readonly [number, number];

/** What the hand is doing on the picture, in source pixels. */
export type Gesture =
  | { readonly kind: 'pan' }
  | { readonly kind: 'press'; readonly at: Pair; readonly positive: boolean }
  | { readonly kind: 'box'; readonly from: Pair; readonly to: Pair }
  | { readonly kind: 'stroke'; readonly path: readonly Pair[]; readonly radius: number; readonly positive: boolean }
  | { readonly kind: 'lasso'; readonly path: readonly Pair[]; readonly positive: boolean };

/** What pressing begins. With the click tool, dragging away makes it a box. */
export function beginGesture(tool: Tool, at: Pair, positive: boolean, radius: number): Gesture {
  if (tool === 'hand') return { kind: 'pan' };
  if (tool === 'brush' || tool === 'paint') return { kind: 'stroke', path: [at], radius, positive };
  if (tool === 'lasso') return { kind: 'lasso', path: [at], positive };
  if (tool === 'box') return { kind: 'box', from: at, to: at };
  return { kind: 'press', at, positive };
}

/** Screen pixels that a press may move and still be a click. */
const SLIP = 5;
/** Screen pixels between two points of a stroke. */
const STRIDE = 2;
/** Points of a stroke that are sent at most; see the server's schema. */
const LONGEST = 4000;

/** What moving makes of it. `scale`: screen pixels for each source pixel. */
export function moveGesture(g: Gesture, at: Pair, scale: number): Gesture {
  if (g.kind === 'pan') return g;
  if (g.kind === 'stroke' || g.kind === 'lasso') {
    const last = g.path.at(-1) as Pair;
    const far = Math.hypot(at[0] - last[0], at[1] - last[1]) * scale >= STRIDE;
    return far && g.path.length < LONGEST ? { ...g, path: [...g.path, at] } : g;
  }
  const from = g.kind === 'press' ? g.at : g.from;
  if (g.kind === 'press' && !g.positive) return g;
  if (g.kind === 'press' && Math.hypot(at[0] - from[0], at[1] - from[1]) * scale < SLIP) return g;
  return { kind: 'box', from, to: at };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const into = (size: Size, [x, y]: Pair): [number, number] => [
  Math.min(size.width, Math.max(0, x)),
  Math.min(size.height, Math.max(0, y)),
];

/** What letting go says to the engine; undefined where it says nothing. */
export function endGesture(g: Gesture, size: Size): Prompt | undefined {
  switch (g.kind) {
    case 'pan':
    case 'lasso':
      return undefined;
    case 'press': {
      const [x, y] = g.at;
      const outside = x < 0 || y < 0 || x > size.width || y > size.height;
      return outside ? undefined : { kind: 'point', at: [x, y], positive: g.positive };
    }
    case 'box': {
      const [[ax, ay], [bx, by]] = [into(size, g.from), into(size, g.to)];
      if (Math.abs(ax - bx) < 2 || Math.abs(ay - by) < 2) return undefined;
      return { kind: 'box', from: [Math.min(ax, bx), Math.min(ay, by)], to: [Math.max(ax, bx), Math.max(ay, by)] };
    }
    case 'stroke':
      return { kind: 'brush', path: g.path.map((p) => into(size, p)), radius: g.radius, positive: g.positive };
  }
}

/** A part of a box: -1, 0, 1 across and down; a corner has two that are not 0, an edge one. */
export type Handle = readonly [-1 | 0 | 1, -1 | 0 | 1];

/** Source pixels that a box has at least across and down. */
const SMALLEST = 2;

/** A box with a corner or an edge some pixels further, kept within the picture. */
export function reshapedBox(
  box: Extract<Prompt, { kind: 'box' }>,
  [across, down]: Handle,
  [dx, dy]: Pair,
  size: Size,
): Prompt {
  const side = (a: number, b: number, by: number, which: -1 | 0 | 1, most: number): [number, number] => [
    which < 0 ? Math.max(0, Math.min(b - SMALLEST, a + by)) : a,
    which > 0 ? Math.min(most, Math.max(a + SMALLEST, b + by)) : b,
  ];
  const [x0, x1] = side(box.from[0], box.to[0], dx, across, size.width);
  const [y0, y1] = side(box.from[1], box.to[1], dy, down, size.height);
  return { kind: 'box', from: [x0, y0], to: [x1, y1] };
}

/** A prompt some pixels further, as far as all of it stays within the picture. */
export function movedPrompt(p: Prompt, [dx, dy]: Pair, size: Size): Prompt {
  const points: readonly Pair[] = p.kind === 'point' ? [p.at] : p.kind === 'box' ? [p.from, p.to] : p.path;
  const room = (by: number, values: readonly number[], most: number) =>
    Math.min(most - Math.max(...values), Math.max(-Math.min(...values), by));
  const x = room(
    dx,
    points.map((at) => at[0]),
    size.width,
  );
  const y = room(
    dy,
    points.map((at) => at[1]),
    size.height,
  );
  const moved = (at: Pair): [number, number] => [at[0] + x, at[1] + y];
  switch (p.kind) {
    case 'point':
      return { ...p, at: moved(p.at) };
    case 'box':
      return { ...p, from: moved(p.from), to: moved(p.to) };
    case 'brush':
      return { ...p, path: p.path.map(moved) };
  }
}
