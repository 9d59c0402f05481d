/** Row sums between the two passes; grows with the largest grid seen. */
let rows = new Float32Array(0);

/**
 * Sum over the (2 radius + 1)^2 box around each pixel, the border replicated outwards. The cost does not depend on the
 * radius: two running sums. `out` may not be `src`.
 */
export function boxSum(
  src: Float32Array,
  width: number,
  height: number,
  radius: number,
  out: Float32Array,
): Float32Array {
  if (rows.length < width * height) rows = new Float32Array(width * height);
  const right = width - 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    for (let x = -radius; x <= radius; x++) sum += src[row + Math.min(right, Math.max(0, x))];
    for (let x = 0; x < width; x++) {
      rows[row + x] = sum;
      sum += src[row + Math.min(right, x + radius + 1)] - src[row + Math.max(0, x - radius)];
    }
  }
  const sums = new Float64Array(width);
  for (let y = -radius; y <= radius; y++) {
    const row = Math.min(height - 1, Math.max(0, y)) * width;
    for (let x = 0; x < width; x++) sums[x] += rows[row + x];
  }
  for (let y = 0; y < height; y++) {
    const enter = Math.min(height - 1, y + radius + 1) * width;
    const leave = Math.max(0, y - radius) * width;
    for (let x = 0; x < width; x++) {
      out[y * width + x] = sums[x];
      sums[x] += rows[enter + x] - rows[leave + x];
    }
  }
  return out;
}
