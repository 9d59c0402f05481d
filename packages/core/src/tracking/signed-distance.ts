/**
 * Signed Euclidean distance of each pixel centre to the outline of a binary shape, halfway between the last pixel in and
 * the first one out: positive inside, cut off at `reach` pixels. Beyond the plane there is nothing, neither in nor out.
 * Down the columns first, then along the rows no farther than `reach` (after Felzenszwalb and Huttenlocher, "Distance
 * Transforms of Sampled Functions", 2012, whose lower envelope a short reach makes unnecessary).
 * @param inside 0 or 1 in raster order.
 */
export function limitedSignedDistance(inside: Uint8Array, width: number, height: number, reach: number): Float32Array {
  const cap = Math.ceil(reach) + 1;
  const down = columnDistance(inside, width, cap);
  const out = new Float32Array(inside.length);
  const near = new Int32Array(width + 1);
  for (let y = 0, row = 0; y < height; y++, row += width) {
    // Columns with an outline in reach, or next to one: where a pixel sees none of them there is nothing to search.
    for (let x = 0; x < width; x++) {
      const k = row + x;
      const edge =
        down[k] < cap || (x > 0 && inside[k] !== inside[k - 1]) || (x + 1 < width && inside[k] !== inside[k + 1]);
      near[x + 1] = near[x] + (edge ? 1 : 0);
    }
    for (let x = 0; x < width; x++) {
      const k = row + x;
      const [from, to] = [Math.max(0, x - cap), Math.min(width, x + cap + 1)];
      const distance = near[to] === near[from] ? cap : rowDistance(inside, down, row, x, width, cap);
      out[k] = (inside[k] ? 1 : -1) * Math.min(reach, distance - 0.5);
    }
  }
  return out;
}

/** Rows to the nearest pixel of the same column on the other side of the outline, at most `cap`. */
function columnDistance(inside: Uint8Array, width: number, cap: number): Uint8Array {
  const d = new Uint8Array(inside.length).fill(cap);
  const end = inside.length;
  for (let k = width; k < end; k++) {
    const up = k - width;
    d[k] = inside[k] !== inside[up] ? 1 : Math.min(cap, d[up] + 1);
  }
  for (let k = end - width - 1; k >= 0; k--) {
    const below = k + width;
    d[k] = Math.min(d[k], inside[k] !== inside[below] ? 1 : d[below] + 1);
  }
  return d;
}

function rowDistance(inside: Uint8Array, down: Uint8Array, row: number, x: number, width: number, cap: number): number {
  const own = inside[row + x];
  let best = down[row + x] ** 2;
  const at = (k: number, dx: number) => {
    const dy = inside[k] === own ? down[k] : 0;
    const d = dy < cap ? dx * dx + dy * dy : cap * cap;
    if (d < best) best = d;
  };
  for (let dx = 1; dx * dx < best && dx <= cap; dx++) {
    if (dx <= x) at(row + x - dx, dx);
    if (x + dx < width) at(row + x + dx, dx);
  }
  return Math.min(cap, Math.sqrt(best));
}
