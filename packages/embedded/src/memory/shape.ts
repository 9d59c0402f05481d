import type { Box } from '@rotokit/core/values';

/** Size and place of a mask on the half grid. `scale` is the root of the sum of the variances of x and y, at least 2. */
export interface Shape {
  readonly area: number;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** The shape of the set pixels of a mask that covers `box` in raster order; `null` for an empty mask. */
export function shapeOf(mask: Uint8Array, box: Box): Shape | null {
  let [area, sx, sy, xx, yy] = [0, 0, 0, 0, 0];
  for (let y = box.y0, k = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, k++) {
      if (!mask[k]) continue;
      area++;
      sx += x;
      sy += y;
      xx += x * x;
      yy += y * y;
    }
  }
  if (area === 0) return null;
  const [cx, cy] = [sx / area, sy / area];
  return { area, x: cx, y: cy, scale: Math.sqrt(Math.max(4, xx / area - cx * cx + yy / area - cy * cy)) };
}
