import { boxWidth, MASK_HALF, type Size, type SoftMask } from '../values/index.js';

/**
 * What is looked at to tell whether a mask changed in a way objects do not. Measured on a grid of about 540 lines
 * whatever the picture's size, so that it costs the same at 4K; lengths and areas are in source pixels.
 */
export interface MaskMeasure {
  readonly area: number;
  /** Length of the outline as the number of pixel sides between in and out, the picture's border left out. */
  readonly outline: number;
  /** Centre of gravity. (0, 0) for an empty mask. */
  readonly x: number;
  readonly y: number;
  /** Whether the object reaches the picture's border, where it may leave or enter. */
  readonly atBorder: boolean;
}

/** Step of the measuring grid in source pixels. */
export const gridStep = (size: Size): number => Math.max(1, Math.round(size.height / 540));

/** Measures a mask at half. */
export function measureMask(mask: SoftMask): MaskMeasure {
  const { size, window: w, values } = mask;
  const step = gridStep(size);
  const width = boxWidth(w);
  const [gx, gy] = [Math.ceil(w.x0 / step) * step, Math.ceil(w.y0 / step) * step];
  const columns = Math.max(0, Math.ceil((w.x1 - gx) / step));
  let above = new Uint8Array(columns);
  let row = new Uint8Array(columns);
  let [n, sides, sx, sy, atBorder] = [0, 0, 0, 0, false];
  for (let y = gy; y < w.y1; y += step) {
    let before = 0;
    for (let i = 0, k = (y - w.y0) * width + gx - w.x0; i < columns; i++, k += step) {
      const v = values[k] >= MASK_HALF ? 1 : 0;
      row[i] = v;
      if (v !== before && (gx > 0 || i > 0)) sides++;
      if (v !== above[i] && y > 0) sides++;
      before = v;
      if (!v) continue;
      n++;
      sx += gx + i * step;
      sy += y;
    }
    if (before && w.x1 < size.width) sides++;
    if (row[0] && gx === 0) atBorder = true;
    if (before && w.x1 === size.width) atBorder = true;
    if ((y === 0 || y + step >= size.height) && row.includes(1)) atBorder = true;
    [above, row] = [row, above];
  }
  if (w.y1 < size.height) for (const v of above) sides += v;
  const half = 0.5;
  return { area: n * step * step, outline: sides * step, x: n ? sx / n + half : 0, y: n ? sy / n + half : 0, atBorder };
}

/** IoU at half of two masks after moving the first by whole pixels, on the measuring grid; 1 when both are empty. */
export function movedIou(a: SoftMask, b: SoftMask, dx: number, dy: number): number {
  const { shared, first, second } = countMoved(a, b, Math.round(dx), Math.round(dy));
  const covered = first + second - shared;
  return covered ? shared / covered : 1;
}

/** Share of the first mask that lies under the second; 0 when the first is empty. */
export function coveredShare(a: SoftMask, b: SoftMask): number {
  const { shared, first } = countMoved(a, b, 0, 0);
  return first ? shared / first : 0;
}

/** Samples of the first (moved), of the second and of both, on the grid of the second. */
function countMoved(a: SoftMask, b: SoftMask, dx: number, dy: number) {
  const step = gridStep(b.size);
  const [wa, wb] = [a.window, b.window];
  const [na, nb] = [boxWidth(wa), boxWidth(wb)];
  const onGrid = (v: number) => Math.ceil(v / step) * step;
  let [first, second, shared] = [0, 0, 0];
  for (let y = onGrid(wb.y0); y < wb.y1; y += step)
    for (let x = onGrid(wb.x0); x < wb.x1; x += step) if (b.values[(y - wb.y0) * nb + x - wb.x0] >= MASK_HALF) second++;
  for (let y = onGrid(wa.y0 + dy); y < wa.y1 + dy; y += step) {
    for (let x = onGrid(wa.x0 + dx); x < wa.x1 + dx; x += step) {
      if (a.values[(y - dy - wa.y0) * na + x - dx - wa.x0] < MASK_HALF) continue;
      first++;
      if (x < wb.x0 || x >= wb.x1 || y < wb.y0 || y >= wb.y1) continue;
      if (b.values[(y - wb.y0) * nb + x - wb.x0] >= MASK_HALF) shared++;
    }
  }
  return { first, second, shared };
}
