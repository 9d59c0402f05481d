import {
  type Box,
  boxWidth,
  emptyMask,
  MASK_HALF,
  MASK_ONE,
  type Size,
  type SoftMask,
  softMask,
} from '@rotokit/core/values';
import { damaged } from '../bytes/byte-reader.js';

/**
 * A binary mask as lengths of runs down the columns, the first of zeros (COCO, `maskApi.c`). Everything at or above half of a soft mask
 * is inside.
 */
export function rleCounts(mask: SoftMask): number[] {
  const { size, window, values } = mask;
  const width = boxWidth(window);
  const counts: number[] = [];
  let [inside, start] = [false, 0];
  const change = (at: number) => {
    counts.push(at - start);
    [inside, start] = [!inside, at];
  };
  for (let x = window.x0; x < window.x1; x++) {
    const column = x * size.height;
    if (inside && window.y0 > 0) change(column);
    for (let y = window.y0, i = x - window.x0; y < window.y1; y++, i += width)
      if (values[i] >= MASK_HALF !== inside) change(column + y);
    if (inside && window.y1 < size.height) change(column + window.y1);
  }
  const end = size.width * size.height;
  if (inside && start < end && window.x1 < size.width) change(window.x1 * size.height);
  counts.push(end - start);
  return counts;
}

/** The mask behind runs: 65535 inside. Stops the decoder where they do not fill the picture. Allocates the box around what is inside. */
export function maskFromCounts(size: Size, counts: readonly number[]): SoftMask {
  const { width, height } = size;
  let end = 0;
  for (const n of counts) {
    if (!Number.isSafeInteger(n) || n < 0) damaged(`a run has the length ${n}`);
    end += n;
  }
  if (end !== width * height) damaged(`runs of ${end} pixels for ${width * height}`);
  const box = boxOfRuns(height, counts);
  if (!box) return emptyMask(size);
  const values = new Uint16Array((box.x1 - box.x0) * (box.y1 - box.y0));
  eachColumn(height, counts, (x, y0, y1) => {
    for (let y = y0, i = (y0 - box.y0) * (box.x1 - box.x0) + x - box.x0; y < y1; y++, i += box.x1 - box.x0)
      values[i] = MASK_ONE;
  });
  return softMask(size, box, values);
}

/** Walks the stretches inside, column by column. */
function eachColumn(
  height: number,
  counts: readonly number[],
  visit: (x: number, y0: number, y1: number) => void,
): void {
  let at = 0;
  counts.forEach((n, i) => {
    const to = at + n;
    if (i % 2)
      for (let from = at; from < to; ) {
        const x = Math.floor(from / height);
        const stop = Math.min(to, (x + 1) * height);
        visit(x, from - x * height, stop - x * height);
        from = stop;
      }
    at = to;
  });
}

function boxOfRuns(height: number, counts: readonly number[]): Box | undefined {
  let [x0, x1, y0, y1] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY, 0];
  eachColumn(height, counts, (x, from, to) => {
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x + 1);
    y0 = Math.min(y0, from);
    y1 = Math.max(y1, to);
  });
  return x1 > x0 ? { x0, y0, x1, y1 } : undefined;
}

/** Area and box `[x, y, width, height]` of runs, as COCO lists them beside a mask. */
export function rleFacts(
  height: number,
  counts: readonly number[],
): { readonly area: number; readonly bbox: readonly [number, number, number, number] } {
  const box = boxOfRuns(height, counts);
  const area = counts.reduce((sum, n, i) => sum + (i % 2 ? n : 0), 0);
  return { area, bbox: box ? [box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0] : [0, 0, 0, 0] };
}

/**
 * Runs as COCO's text (`rleToString`): from the fourth on the difference to the run two before, in groups of five bits, low ones first,
 * 0x20 for more to follow, plus 48.
 */
export function rleText(counts: readonly number[]): string {
  let text = '';
  counts.forEach((n, i) => {
    let v = i > 2 ? n - counts[i - 2] : n;
    for (let more = true; more; ) {
      const group = v & 31;
      v >>= 5;
      more = group & 16 ? v !== -1 : v !== 0;
      text += String.fromCharCode(group + (more ? 32 : 0) + 48);
    }
  });
  return text;
}

/** The runs behind COCO's text. Stops the decoder at a character that is none of its. */
export function countsFromText(text: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length; ) {
    let [v, shift] = [0, 0];
    for (let more = true; more; shift += 5) {
      const c = text.charCodeAt(at++) - 48;
      if (!(c >= 0 && c < 64) || shift > 30) damaged('its run lengths are no COCO text');
      v |= (c & 31) << shift;
      more = (c & 32) !== 0;
      if (!more && c & 16 && shift + 5 < 32) v |= -1 << (shift + 5);
    }
    counts.push(counts.length > 2 ? v + counts[counts.length - 2] : v);
  }
  return counts;
}
