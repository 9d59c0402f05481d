// sRGB bytes to CIE Lab by the tables and in the operations of primitives/lab.ts: the same floats.

// @ts-ignore: decorator
@inline export function labPixel(rgb: usize, out: usize, tables: usize, rows: usize): void {
  const roots = tables + 1024;
  const r = <f64>load<f32>(tables + (<usize>load<u8>(rgb) << 2));
  const g = <f64>load<f32>(tables + (<usize>load<u8>(rgb, 1) << 2));
  const b = <f64>load<f32>(tables + (<usize>load<u8>(rgb, 2) << 2));
  const xy = f64x2.add(f64x2.add(f64x2.mul(v128.load(rows), f64x2.splat(r)), f64x2.mul(v128.load(rows, 16), f64x2.splat(g))),
    f64x2.mul(v128.load(rows, 32), f64x2.splat(b)));
  const at = i32x4.trunc_sat_f64x2_s_zero(xy);
  const x = <f64>load<f32>(roots + (<usize>i32x4.extract_lane(at, 0) << 2)), y = <f64>load<f32>(roots + (<usize>i32x4.extract_lane(at, 1) << 2));
  const z = <f64>load<f32>(roots + (<usize><i32>(load<f64>(rows, 48) * r + load<f64>(rows, 56) * g + load<f64>(rows, 64) * b) << 2));
  store<f32>(out, <f32>(116 * y - 16));
  store<f32>(out, <f32>(500 * (x - y)), 4);
  store<f32>(out, <f32>(200 * (y - z)), 8);
}

/**
 * n pixels of interleaved bytes to interleaved L, a, b. tables: 256 floats (sRGB to linear), then the cube roots.
 * rows: 9 doubles, interleaved as Xr Yr Xg Yg Xb Yb Zr Zg Zb.
 */
export function labFromRgb(rgb: usize, n: i32, out: usize, tables: usize, rows: usize): void {
  for (let i = 0; i < n; i++, rgb += 3, out += 12) labPixel(rgb, out, tables, rows);
}
