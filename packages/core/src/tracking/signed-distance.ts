/**
 * Signed Euclidean distance of single pixel centres to the outline of a binary shape, halfway between the last pixel in
 * and the first one out: positive inside, cut off at `reach` pixels. Beyond the plane there is nothing, neither in nor
 * out. Distances down the columns are prepared for all pixels, the search along the row is made only for those asked
 * for (after Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions", 2012, whose lower envelope a
 * short reach makes unnecessary).
 * @param inside 0 or 1 in raster order.
 * @param reach at most 250.
 * @returns the distance of the pixel with an index.
 */
export function signedDistanceTo(inside: Uint8Array, width: number, reach: number): (pixel: number) => number {
  const cap = Math.ceil(reach) + 1;
  const down = columnDistance(inside, width, cap);
  return (pixel) => {
    const own = inside[pixel];
    const x = pixel % width;
    const [left, right] = [Math.min(cap, x), Math.min(cap, width - 1 - x)];
    let best = down[pixel] * down[pixel];
    for (let dx = 1; dx <= cap && dx * dx < best; dx++) {
      if (dx <= left) {
        const dy = inside[pixel - dx] === own ? down[pixel - dx] : 0;
        best = Math.min(best, dx * dx + dy * dy);
      }
      if (dx <= right) {
        const dy = inside[pixel + dx] === own ? down[pixel + dx] : 0;
        best = Math.min(best, dx * dx + dy * dy);
      }
    }
    const distance = Math.min(reach, Math.sqrt(best) - 0.5);
    return own ? distance : -distance;
  };
}

/** Rows to the nearest pixel of the same column on the other side of the outline, at most `cap`. */
function columnDistance(inside: Uint8Array, width: number, cap: number): Uint8Array {
  const d = new Uint8Array(inside.length).fill(cap);
  for (let k = width; k < d.length; k++) {
    const above = k - width;
    if (inside[k] !== inside[above]) d[k] = 1;
    else if (d[above] < cap) d[k] = d[above] + 1;
  }
  for (let k = d.length - width - 1; k >= 0; k--) {
    const below = k + width;
    if (inside[k] !== inside[below]) d[k] = 1;
    else if (d[below] + 1 < d[k]) d[k] = d[below] + 1;
  }
  return d;
}
