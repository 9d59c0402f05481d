import { boxWidth, MASK_ONE, type SoftMask } from '@rotokit/core/values';

/** A mask and the identifier it goes under. */
export interface RankedMask {
  readonly bits: number;
  readonly mask: SoftMask;
}

/**
 * Ranks the masks of some lines: of every pixel the `ranks` strongest, strongest first, of equal ones the one given first.
 * Coverage is what the mask says, and where masks overlap to more than 1 together, its share of 1.
 *
 * @returns one array for each channel in the order identifier, coverage of rank 0, of rank 1, and so on; `width` samples a line
 *   from `x0` on. Identifiers are the bits of floats, which is why the arrays are written through integers.
 */
export function rankLines(
  masks: readonly RankedMask[],
  ranks: number,
  window: { readonly x0: number; readonly x1: number; readonly y0: number; readonly y1: number },
): Float32Array[] {
  const width = window.x1 - window.x0;
  const channels = Array.from({ length: 2 * ranks }, () => new Float32Array(width * (window.y1 - window.y0)));
  const bits = channels.map((c) => new Uint32Array(c.buffer));
  const place = new PixelRanks(masks.length);
  for (let y = window.y0; y < window.y1; y++) {
    const here = masks.filter(({ mask: { window: w } }) => y >= w.y0 && y < w.y1);
    if (!here.length) continue;
    const from = Math.max(window.x0, Math.min(...here.map((m) => m.mask.window.x0)));
    const to = Math.min(window.x1, Math.max(...here.map((m) => m.mask.window.x1)));
    for (let x = from; x < to; x++) {
      place.clear();
      for (const m of here) {
        const w = m.mask.window;
        if (x < w.x0 || x >= w.x1) continue;
        place.add(m.bits, m.mask.values[(y - w.y0) * boxWidth(w) + x - w.x0]);
      }
      if (!place.count) continue;
      const at = (y - window.y0) * width + x - window.x0;
      const whole = Math.max(MASK_ONE, place.sum);
      for (let r = 0; r < Math.min(ranks, place.count); r++) {
        bits[2 * r][at] = place.bits[r];
        channels[2 * r + 1][at] = place.weights[r] / whole;
      }
    }
  }
  return channels;
}

/** The objects of one pixel, kept sorted by weight as they come. */
class PixelRanks {
  readonly bits: Uint32Array;
  readonly weights: Uint16Array;
  count = 0;
  sum = 0;

  constructor(most: number) {
    this.bits = new Uint32Array(most);
    this.weights = new Uint16Array(most);
  }

  clear(): void {
    this.count = 0;
    this.sum = 0;
  }

  add(bits: number, weight: number): void {
    if (weight === 0) return;
    let at = this.count++;
    for (; at > 0 && this.weights[at - 1] < weight; at--) {
      this.weights[at] = this.weights[at - 1];
      this.bits[at] = this.bits[at - 1];
    }
    this.weights[at] = weight;
    this.bits[at] = bits;
    this.sum += weight;
  }
}
