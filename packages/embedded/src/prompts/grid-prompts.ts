import type { BoxPrompt, BrushPrompt, MaskPrompt, PointPrompt, Prompt, Size, SoftMask } from '@rotokit/core/values';
import { boxWidth, MASK_ONE } from '@rotokit/core/values';

/** Positions on the half grid: continuous, pixel centres at integers (the centre of the first pixel is (0, 0)). */
export interface GridPoint {
  readonly x: number;
  readonly y: number;
}

/** A prompt as the half grid sees it. Same kinds and meaning as the prompts of the product. */
export type GridPrompt =
  | { readonly kind: 'point'; readonly at: GridPoint; readonly positive: boolean }
  | { readonly kind: 'box'; readonly from: GridPoint; readonly to: GridPoint }
  | { readonly kind: 'brush'; readonly path: readonly GridPoint[]; readonly radius: number; readonly positive: boolean }
  /** `plane` holds 0..1 on the half grid. */
  | { readonly kind: 'mask'; readonly plane: Float32Array };

/** The kinds of prompts that make a first mask here: all but words. */
export type ShownPrompt = PointPrompt | BoxPrompt | BrushPrompt | MaskPrompt;

/** Mean of the mask over each pixel of a coarser (or finer) grid laid over the same picture, 0..1. */
export function maskOnGrid(mask: SoftMask, grid: Size): Float32Array {
  const { size, window, values } = mask;
  const sum = new Float32Array(grid.width * grid.height);
  const count = new Float32Array(sum.length);
  const columns = cellsOf(size.width, grid.width);
  const rows = cellsOf(size.height, grid.height);
  const width = boxWidth(window);
  for (let y = 0; y < size.height; y++) {
    const inside = y >= window.y0 && y < window.y1;
    for (let x = 0; x < size.width; x++) {
      const k = rows[y] * grid.width + columns[x];
      count[k]++;
      if (inside && x >= window.x0 && x < window.x1) sum[k] += values[(y - window.y0) * width + x - window.x0];
    }
  }
  for (let k = 0; k < sum.length; k++)
    sum[k] = count[k] > 0 ? sum[k] / (count[k] * MASK_ONE) : nearestOf(mask, grid, k);
  return sum;
}

/** The cell of each pixel along one side; a trailing half cell belongs to the last whole one. */
function cellsOf(pixels: number, cells: number): Int32Array {
  return Int32Array.from({ length: pixels }, (_, i) => Math.min(cells - 1, Math.floor(((i + 0.5) * cells) / pixels)));
}

/** Where the mask is coarser than the grid: the value of the mask's pixel under the centre of the cell. */
function nearestOf(mask: SoftMask, grid: Size, k: number): number {
  const { size, window, values } = mask;
  const x = Math.floor((((k % grid.width) + 0.5) * size.width) / grid.width);
  const y = Math.floor(((Math.floor(k / grid.width) + 0.5) * size.height) / grid.height);
  if (x < window.x0 || x >= window.x1 || y < window.y0 || y >= window.y1) return 0;
  return values[(y - window.y0) * boxWidth(window) + x - window.x0] / MASK_ONE;
}

/** One prompt carried over: `at` maps positions, `scale` lengths. */
function onGrid(p: ShownPrompt, at: (p: GridPoint) => GridPoint, scale: number, grid: Size): GridPrompt {
  switch (p.kind) {
    case 'point':
      return { kind: 'point', at: at(p.at), positive: p.positive };
    case 'box':
      return { kind: 'box', from: at(p.from), to: at(p.to) };
    case 'brush':
      return { kind: 'brush', path: p.path.map(at), radius: p.radius * scale, positive: p.positive };
    case 'mask':
      return { kind: 'mask', plane: maskOnGrid(p.mask, grid) };
  }
}

/**
 * Prompts in source pixels as prompts on the half grid of the working picture. `working` is the size of the working
 * picture, which shows the whole of the source; the half grid is half of it, rounded down.
 */
export function promptsOnGrid(prompts: readonly ShownPrompt[], source: Size, working: Size): GridPrompt[] {
  const sx = working.width / source.width / 2;
  const sy = working.height / source.height / 2;
  const grid = { width: working.width >> 1, height: working.height >> 1 };
  const at = (p: GridPoint): GridPoint => ({ x: p.x * sx - 0.5, y: p.y * sy - 0.5 });
  return prompts.map((p) => onGrid(p, at, Math.sqrt(sx * sy), grid));
}

/** Whether a prompt is one of those that make a first mask here. */
export const isShown = (p: Prompt): p is ShownPrompt => p.kind !== 'text';
