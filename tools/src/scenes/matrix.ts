/** A plane affine map: x' = a x + b y + c, y' = d x + e y + f. */
export interface Matrix {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** The map that leaves everything where it is. */
export const identity: Matrix = { a: 1, b: 0, c: 0, d: 0, e: 1, f: 0 };

/** Moves. */
export function translation(x: number, y: number): Matrix {
  return { a: 1, b: 0, c: x, d: 0, e: 1, f: y };
}

/** Turns clockwise on the screen (y down) by `angle` radians. */
export function rotation(angle: number): Matrix {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return { a: cos, b: -sin, c: 0, d: sin, e: cos, f: 0 };
}

/** Scales around the origin. */
export function scaling(x: number, y = x): Matrix {
  return { a: x, b: 0, c: 0, d: 0, e: y, f: 0 };
}

/** The product: applies the last map first. */
export function compose(...maps: readonly Matrix[]): Matrix {
  return maps.reduce((m, n) => ({
    a: m.a * n.a + m.b * n.d,
    b: m.a * n.b + m.b * n.e,
    c: m.a * n.c + m.b * n.f + m.c,
    d: m.d * n.a + m.e * n.d,
    e: m.d * n.b + m.e * n.e,
    f: m.d * n.c + m.e * n.f + m.f,
  }));
}

/** The map that undoes `m`; infinities where `m` flattens the plane. */
export function inverse(m: Matrix): Matrix {
  const k = 1 / (m.a * m.e - m.b * m.d);
  return {
    a: m.e * k,
    b: -m.b * k,
    c: (m.b * m.f - m.e * m.c) * k,
    d: -m.d * k,
    e: m.a * k,
    f: (m.d * m.c - m.a * m.f) * k,
  };
}

/** Where the map puts (x, y): its x. */
export const mapX = (m: Matrix, x: number, y: number): number => m.a * x + m.b * y + m.c;

/** Where the map puts (x, y): its y. */
export const mapY = (m: Matrix, x: number, y: number): number => m.d * x + m.e * y + m.f;

/** By how much the map scales lengths on average: the root of its determinant. */
export const meanScale = (m: Matrix): number => Math.sqrt(Math.abs(m.a * m.e - m.b * m.d));
