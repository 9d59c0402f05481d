import { squaredDistance } from '../primitives/index.js';
import type { GridPoint, GridPrompt } from './grid-prompts.js';

/** Radius of a click, half-grid pixels: a click is a statement about a small disc, not about one pixel. */
const CLICK_RADIUS = 2;
/** The frame's border counts as background this close to it, quarter pixels, unless a positive prompt is near. */
const BORDER_FREE = 12.5;

/** What the prompts say for certain, on one grid. */
export interface HardLabels {
  readonly width: number;
  readonly height: number;
  /** 1 = the object, -1 = not the object, 0 = not said. Later prompts override earlier ones. */
  readonly said: Int8Array;
  /** 1 outside of every box, where there is a box; not the object unless `said` differs. */
  readonly outside: Uint8Array | null;
  /** The box around all boxes, inclusive, in pixels of this grid. */
  readonly box: { readonly from: GridPoint; readonly to: GridPoint } | null;
  /** Statements made: clicks and strokes. */
  readonly count: number;
  readonly hasPositive: boolean;
}

/** Marks everything within `radius` of the segment from a to b. */
function drawSegment(
  said: Int8Array,
  width: number,
  height: number,
  [a, b]: readonly [GridPoint, GridPoint],
  radius: number,
  value: 1 | -1,
): void {
  const x0 = Math.max(0, Math.ceil(Math.min(a.x, b.x) - radius));
  const x1 = Math.min(width - 1, Math.floor(Math.max(a.x, b.x) + radius));
  const y0 = Math.max(0, Math.ceil(Math.min(a.y, b.y) - radius));
  const y1 = Math.min(height - 1, Math.floor(Math.max(a.y, b.y) + radius));
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      const t = square > 0 ? Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / square)) : 0;
      const ex = x - a.x - t * dx;
      const ey = y - a.y - t * dy;
      if (ex * ex + ey * ey <= radius * radius) said[y * width + x] = value;
    }
  }
}

function drawStroke(said: Int8Array, width: number, height: number, p: GridPrompt): void {
  if (p.kind === 'point') {
    // A click beyond the last pixel centre still says something about the nearest pixel.
    const at = { x: Math.min(width - 1, Math.max(0, p.at.x)), y: Math.min(height - 1, Math.max(0, p.at.y)) };
    drawSegment(said, width, height, [at, at], CLICK_RADIUS, p.positive ? 1 : -1);
  } else if (p.kind === 'brush') {
    const radius = Math.max(1, p.radius);
    const value = p.positive ? 1 : -1;
    for (let i = 0; i < p.path.length; i++)
      drawSegment(said, width, height, [p.path[Math.max(0, i - 1)], p.path[i]], radius, value);
  }
}

type BoxedPrompt = Extract<GridPrompt, { kind: 'box' }>;

/** 1 outside of every box; a box reaches to the pixels whose centres it holds. */
function outsideOf(boxes: readonly BoxedPrompt[], width: number, height: number): Uint8Array {
  const outside = new Uint8Array(width * height).fill(1);
  for (const { from, to } of boxes) {
    const x0 = Math.max(0, Math.ceil(from.x));
    const x1 = Math.min(width - 1, Math.floor(to.x));
    for (let y = Math.max(0, Math.ceil(from.y)); y <= Math.min(height - 1, Math.floor(to.y)); y++)
      if (x1 >= x0) outside.fill(0, y * width + x0, y * width + x1 + 1);
  }
  return outside;
}

/** Draws prompts as certain labels on the half grid. */
export function hardLabels(prompts: readonly GridPrompt[], width: number, height: number): HardLabels {
  const said = new Int8Array(width * height);
  const strokes = prompts.filter((p) => p.kind === 'point' || p.kind === 'brush');
  for (const p of strokes) drawStroke(said, width, height, p);
  const boxes = prompts.filter((p) => p.kind === 'box');
  const box = boxes.length
    ? {
        from: { x: Math.min(...boxes.map((b) => b.from.x)), y: Math.min(...boxes.map((b) => b.from.y)) },
        to: { x: Math.max(...boxes.map((b) => b.to.x)), y: Math.max(...boxes.map((b) => b.to.y)) },
      }
    : null;
  return {
    width,
    height,
    said,
    outside: box ? outsideOf(boxes, width, height) : null,
    box,
    count: strokes.length,
    hasPositive: said.includes(1),
  };
}

/** What a 2x2 block of labels says, its upper left one at `a`: 1 if any of the four does, else -1 if any does. */
export function blockSays(said: Int8Array, a: number, stride: number): 1 | -1 | 0 {
  const [p, q, r, s] = [said[a], said[a + 1], said[a + stride], said[a + stride + 1]];
  if ((p | q | r | s) === 0) return 0;
  return p === 1 || q === 1 || r === 1 || s === 1 ? 1 : -1;
}

/** The same labels on the grid of half the size: a block is the object if any of it is, else not if any is not. */
export function quarterLabels(half: HardLabels): HardLabels {
  const width = half.width >> 1;
  const height = half.height >> 1;
  const said = new Int8Array(width * height);
  const outside = half.outside ? new Uint8Array(width * height) : null;
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const a = 2 * y * half.width + 2 * x;
      said[k] = blockSays(half.said, a, half.width);
      if (outside && half.outside) {
        const o = half.outside;
        outside[k] = o[a] & o[a + 1] & o[a + half.width] & o[a + half.width + 1];
      }
    }
  }
  const scale = (p: GridPoint): GridPoint => ({ x: (p.x + 0.5) / 2 - 0.5, y: (p.y + 0.5) / 2 - 0.5 });
  const box = half.box ? { from: scale(half.box.from), to: scale(half.box.to) } : null;
  return { ...half, width, height, said, outside, box };
}

/**
 * Where walks and distances start: 1 = the object, -1 = background. Beside what was said, background starts outside the
 * box or, without one, at the frame's border, except near a positive prompt: objects often leave the picture there.
 */
export function seedsOf(labels: HardLabels): Int8Array {
  const { width, height, said, outside, hasPositive } = labels;
  const seeds = said.slice();
  if (outside) {
    for (let k = 0; k < seeds.length; k++) if (seeds[k] === 0 && outside[k]) seeds[k] = -1;
    return seeds;
  }
  const near = hasPositive ? squaredDistance(labelMask(said, 1), width, height, true) : null;
  const mark = (k: number): void => {
    if (seeds[k] === 0 && (!near || near[k] >= BORDER_FREE * BORDER_FREE)) seeds[k] = -1;
  };
  for (let x = 0; x < width; x++) {
    mark(x);
    mark((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    mark(y * width);
    mark(y * width + width - 1);
  }
  return seeds;
}

/** 1 where the labels say `value`. */
export function labelMask(said: Int8Array, value: 1 | -1): Uint8Array {
  const out = new Uint8Array(said.length);
  for (let k = 0; k < out.length; k++) out[k] = said[k] === value ? 1 : 0;
  return out;
}
