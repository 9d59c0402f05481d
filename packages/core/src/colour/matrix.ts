/** A 3x3 matrix in rows: 9 numbers. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** Three numbers: red, green, blue, or X, Y, Z. */
export type Triple = readonly [number, number, number];

/** The matrix that changes nothing. */
export const IDENTITY: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** A matrix times a column. */
export const transformed = (m: Matrix3, [x, y, z]: Triple): Triple => [
  m[0] * x + m[1] * y + m[2] * z,
  m[3] * x + m[4] * y + m[5] * z,
  m[6] * x + m[7] * y + m[8] * z,
];

/** `a` after `b`. */
export function multiplied(a: Matrix3, b: Matrix3): Matrix3 {
  const column = (i: 0 | 1 | 2) => transformed(a, [b[i], b[i + 3], b[i + 6]]);
  const [p, q, r] = [column(0), column(1), column(2)];
  return [p[0], q[0], r[0], p[1], q[1], r[1], p[2], q[2], r[2]];
}

/** The matrix that undoes one. @throws RangeError when there is none. */
export function inverted(m: Matrix3): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = m;
  const [p, q, r] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const det = a * p + b * q + c * r;
  if (!Number.isFinite(1 / det)) throw new RangeError('a matrix that flattens colours has no inverse');
  const adjugate = [p, c * h - b * i, b * f - c * e, q, a * i - c * g, c * d - a * f, r, b * g - a * h, a * e - b * d];
  return adjugate.map((v) => v / det) as unknown as Matrix3;
}
