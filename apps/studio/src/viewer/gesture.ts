import type { Prompt } from '@rotokit/server/api';
import type { Tool } from '../model/studio-state.js';

/** A pair of source coordinates. */
export type Pair = readonly [number, number];

/** What the hand is doing on the picture, in source pixels. */
export type Gesture =
  | { readonly kind: 'pan' }
  | { readonly kind: 'press'; readonly at: Pair; readonly positive: boolean }
  | { readonly kind: 'box'; readonly from: Pair; readonly to: Pair }
  | { readonly kind: 'stroke'; readonly path: readonly Pair[]; readonly radius: number; readonly positive: boolean };

/** What pressing begins. With the click tool, dragging away makes it a box. */
export function beginGesture(tool: Tool, at: Pair, alt: boolean, radius: number): Gesture {
  if (tool === 'hand') return { kind: 'pan' };
  if (tool === 'brush') return { kind: 'stroke', path: [at], radius, positive: !alt };
  if (tool === 'box') return { kind: 'box', from: at, to: at };
  return { kind: 'press', at, positive: !alt };
}

/** Screen pixels that a press may move and still be a click. */
const SLIP = 5;
/** Screen pixels between two points of a stroke. */
const STRIDE = 2;
/** Points of a stroke that are sent at most; see the server's schema. */
const LONGEST = 4000;

/** What moving makes of it. `scale`: screen pixels for each source pixel. */
export function moveGesture(g: Gesture, at: Pair, scale: number): Gesture {
  const from = g.kind === 'press' ? g.at : g.kind === 'box' ? g.from : undefined;
  if (g.kind === 'stroke') {
    const last = g.path.at(-1) as Pair;
    const far = Math.hypot(at[0] - last[0], at[1] - last[1]) * scale >= STRIDE;
    return far && g.path.length < LONGEST ? { ...g, path: [...g.path, at] } : g;
  }
  if (!from || (g.kind === 'press' && !g.positive)) return g;
  if (g.kind === 'press' && Math.hypot(at[0] - from[0], at[1] - from[1]) * scale < SLIP) return g;
  return { kind: 'box', from, to: at };
}

/** What letting go says; undefined where it says nothing. */
export function endGesture(g: Gesture, size: { readonly width: number; readonly height: number }): Prompt | undefined {
  const clamp = ([x, y]: Pair): [number, number] => [
    Math.min(size.width, Math.max(0, x)),
    Math.min(size.height, Math.max(0, y)),
  ];
  switch (g.kind) {
    case 'pan':
      return undefined;
    case 'press': {
      const [x, y] = g.at;
      const outside = x < 0 || y < 0 || x > size.width || y > size.height;
      return outside ? undefined : { kind: 'point', at: [x, y], positive: g.positive };
    }
    case 'box': {
      const [[ax, ay], [bx, by]] = [clamp(g.from), clamp(g.to)];
      if (Math.abs(ax - bx) < 2 || Math.abs(ay - by) < 2) return undefined;
      return { kind: 'box', from: [Math.min(ax, bx), Math.min(ay, by)], to: [Math.max(ax, bx), Math.max(ay, by)] };
    }
    case 'stroke':
      return { kind: 'brush', path: g.path.map(clamp), radius: g.radius, positive: g.positive };
  }
}
