// Short names for the vector operations that every kernel uses. Everything here is inlined.
// Build with SIMD enabled: these are raw v128 operations, there is no scalar fallback.

/** Bytes that every plane carries behind its last value, so that vectors may read and write past the end. */
export const TAIL: usize = 64;

/** Bytes of a plane of `n` floats, rounded up to whole vectors, with its tail. */
// @ts-ignore: decorator
@inline export function planeBytes(n: i32): usize {
  return (((<usize>n << 2) + 15) & ~15) + TAIL;
}

// @ts-ignore: decorator
@inline export function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
// @ts-ignore: decorator
@inline export function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
// @ts-ignore: decorator
@inline export function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
// @ts-ignore: decorator
@inline export function div(a: v128, b: v128): v128 { return f32x4.div(a, b); }

/** a * b + c, rounded twice: the same on every machine. */
// @ts-ignore: decorator
@inline export function madd(a: v128, b: v128, c: v128): v128 { return f32x4.add(f32x4.mul(a, b), c); }

/** Sum of the four lanes, in lane order. */
// @ts-ignore: decorator
@inline export function hsum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3);
}
