/** Beyond every picture; also the distance where there is nothing to be distant from. */
const FAR = 30000;

/** Buffers that grow with the largest grid seen and are overwritten by every call. */
const scratch = {
  columns: new Float32Array(0),
  squares: new Float32Array(0),
  heights: new Float64Array(0),
  apex: new Int32Array(0),
  border: new Float64Array(0),
};

function reserve(pixels: number, width: number): void {
  if (scratch.columns.length < pixels) {
    scratch.columns = new Float32Array(pixels);
    scratch.squares = new Float32Array(pixels);
  }
  if (scratch.apex.length < width + 1) {
    scratch.heights = new Float64Array(width);
    scratch.apex = new Int32Array(width + 1);
    scratch.border = new Float64Array(width + 2);
  }
}

/** Distance along the column to the nearest pixel whose being set equals `set`, row by row for the cache's sake. */
function columnDistances(mask: Uint8Array, width: number, height: number, set: boolean, out: Float32Array): void {
  const n = width * height;
  for (let k = 0; k < width; k++) out[k] = mask[k] > 0 === set ? 0 : FAR;
  for (let k = width; k < n; k++) out[k] = mask[k] > 0 === set ? 0 : Math.min(FAR, out[k - width] + 1);
  for (let k = n - width - 1; k >= 0; k--) {
    const below = out[k + width] + 1;
    if (below < out[k]) out[k] = below;
  }
}

/** Lower envelope of the parabolas of one row (Felzenszwalb & Huttenlocher 2012), from squared column distances. */
function envelope(columns: Float32Array, row: number, width: number, out: Float32Array): void {
  const { heights: f, apex: v, border: z } = scratch;
  for (let x = 0; x < width; x++) f[x] = columns[row + x] * columns[row + x];
  let k = 0;
  v[0] = 0;
  z[0] = -1e20;
  z[1] = 1e20;
  for (let q = 1; q < width; q++) {
    const top = f[q] + q * q;
    let s = (top - f[v[k]] - v[k] * v[k]) / (2 * (q - v[k]));
    while (s <= z[k]) {
      k--;
      s = (top - f[v[k]] - v[k] * v[k]) / (2 * (q - v[k]));
    }
    k++;
    v[k] = q;
    z[k] = s;
    z[k + 1] = 1e20;
  }
  k = 0;
  for (let x = 0; x < width; x++) {
    while (z[k + 1] < x) k++;
    const d = x - v[k];
    out[row + x] = d * d + f[v[k]];
  }
}

/**
 * Squared Euclidean distance, in pixels, from every pixel to the nearest one that is set (`to` true) or not set
 * (`to` false), exact. Where there is none the value is at least 9e8.
 */
export function squaredDistance(
  mask: Uint8Array,
  width: number,
  height: number,
  to: boolean,
  out: Float32Array = new Float32Array(width * height),
): Float32Array {
  reserve(width * height, width);
  columnDistances(mask, width, height, to, scratch.columns);
  for (let y = 0; y < height; y++) envelope(scratch.columns, y * width, width, out);
  return out;
}

/**
 * Signed Euclidean distance to the outline of a mask (non-zero = inside), in pixels: inside, the distance to the nearest
 * outside pixel less 0.5; outside, 0.5 less the distance to the nearest inside pixel. Positive inside, never 0.
 */
export function signedDistance(
  mask: Uint8Array,
  width: number,
  height: number,
  out: Float32Array = new Float32Array(width * height),
): Float32Array {
  const n = width * height;
  squaredDistance(mask, width, height, false, out);
  const squares = squaredDistance(mask, width, height, true, scratch.squares);
  for (let k = 0; k < n; k++) out[k] = mask[k] ? Math.sqrt(out[k]) - 0.5 : 0.5 - Math.sqrt(squares[k]);
  return out;
}
