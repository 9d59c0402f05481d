/** Steps of the cube-root table; the index is truncated, so this is also the precision of the conversion. */
const STEPS = 8192;
const LINEAR = Float32Array.from({ length: 256 }, (_, i) => {
  const c = i / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});
const ROOT = Float32Array.from({ length: STEPS + 2 }, (_, i) => {
  const t = i / STEPS;
  return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
});
/** Rows of the sRGB to XYZ (D65) matrix over the white point, times the steps of the table. */
const X = [0.4124, 0.3576, 0.1805].map((c) => (c / 0.95047) * STEPS);
const Y = [0.2126, 0.7152, 0.0722].map((c) => c * STEPS);
const Z = [0.0193, 0.1192, 0.9505].map((c) => (c / 1.08883) * STEPS);

/** What the conversion is made of, for a compiled twin to share: both tables, and the rows of the matrix. */
export const LAB_TABLES = { linear: LINEAR, roots: ROOT, rows: [X, Y, Z] } as const;

/**
 * CIE L*a*b* (D65) of sRGB bytes: interleaved L, a, b (L 0..100), one triple per pixel. Writes into `out` when given.
 * Exact to the steps of a table of 8192 cube roots, which is far below what the colour models can tell apart.
 */
export function labFromRgb(rgb: Uint8Array, out: Float32Array = new Float32Array(rgb.length)): Float32Array {
  const [xr, xg, xb] = X;
  const [yr, yg, yb] = Y;
  const [zr, zg, zb] = Z;
  for (let i = 0; i + 2 < rgb.length; i += 3) {
    const r = LINEAR[rgb[i]];
    const g = LINEAR[rgb[i + 1]];
    const b = LINEAR[rgb[i + 2]];
    const y = ROOT[(yr * r + yg * g + yb * b) | 0];
    out[i] = 116 * y - 16;
    out[i + 1] = 500 * (ROOT[(xr * r + xg * g + xb * b) | 0] - y);
    out[i + 2] = 200 * (y - ROOT[(zr * r + zg * g + zb * b) | 0]);
  }
  return out;
}
