import { boxWidth, type SoftMask } from '@rotokit/core/values';
import { type Grids, nativePerHalf } from '../evidence/grids.js';

/**
 * A soft mask averaged onto the half grid, 0..1: each native pixel counts for the half-grid pixels it overlaps. For clips
 * worked on at their own size this is the mean of 2x2 blocks.
 */
export function maskOnHalf(mask: SoftMask, grids: Grids, out: Float32Array): Float32Array {
  const { half } = grids;
  const scale = nativePerHalf(grids);
  const { window, values } = mask;
  out.fill(0);
  const columns = overlaps(window.x0, window.x1, scale.x, half.width);
  const rows = overlaps(window.y0, window.y1, scale.y, half.height);
  const width = boxWidth(window);
  const unit = 1 / (65535 * scale.x * scale.y);
  for (const r of rows) {
    const from = (r.native - window.y0) * width - window.x0;
    const to = r.half * half.width;
    for (const c of columns) out[to + c.half] += values[from + c.native] * (r.length * c.length * unit);
  }
  for (let k = 0; k < out.length; k++) if (out[k] > 0.999999) out[k] = 1;
  return out;
}

interface Overlap {
  readonly native: number;
  readonly half: number;
  readonly length: number;
}

/** The overlaps of native pixels [from, to) with half-grid pixels along one axis, in native pixels. */
function overlaps(from: number, to: number, scale: number, side: number): Overlap[] {
  const list: Overlap[] = [];
  for (let native = from; native < to; native++) {
    const last = Math.min(side - 1, Math.ceil((native + 1) / scale) - 1);
    for (let half = Math.floor(native / scale); half <= last; half++) {
      const length = Math.min(native + 1, (half + 1) * scale) - Math.max(native, half * scale);
      if (length > 1e-9) list.push({ native, half, length });
    }
  }
  return list;
}
