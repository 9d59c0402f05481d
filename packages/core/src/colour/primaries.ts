import { inverted, type Matrix3, multiplied, type Triple, transformed } from './matrix.js';

/** CIE 1931 chromaticities of red, green, blue and white: x, y each. */
export type Primaries = readonly [
  rx: number,
  ry: number,
  gx: number,
  gy: number,
  bx: number,
  by: number,
  wx: number,
  wy: number,
];

const D65 = [0.3127, 0.329] as const;
const ACES_WHITE = [0.32168, 0.33767] as const;

/** Spaces of displays, of ACES and of cameras, as their makers publish them. */
export const PRIMARIES = {
  rec709: [0.64, 0.33, 0.3, 0.6, 0.15, 0.06, ...D65],
  rec2020: [0.708, 0.292, 0.17, 0.797, 0.131, 0.046, ...D65],
  p3d65: [0.68, 0.32, 0.265, 0.69, 0.15, 0.06, ...D65],
  aces2065: [0.7347, 0.2653, 0, 1, 0.0001, -0.077, ...ACES_WHITE],
  acescg: [0.713, 0.293, 0.165, 0.83, 0.128, 0.044, ...ACES_WHITE],
  awg3: [0.684, 0.313, 0.221, 0.848, 0.0861, -0.102, ...D65],
  awg4: [0.7347, 0.2653, 0.1424, 0.8576, 0.0991, -0.0308, ...D65],
  sgamut3: [0.73, 0.28, 0.14, 0.855, 0.1, -0.05, ...D65],
  sgamut3cine: [0.766, 0.275, 0.225, 0.8, 0.089, -0.087, ...D65],
  vgamut: [0.73, 0.28, 0.165, 0.84, 0.1, -0.03, ...D65],
  redwide: [0.780308, 0.304253, 0.121595, 1.493994, 0.095612, -0.084589, ...D65],
  cgamut: [0.74, 0.27, 0.17, 1.14, 0.08, -0.1, ...D65],
  davinciwide: [0.8, 0.313, 0.1682, 0.9877, 0.079, -0.1155, ...D65],
} as const satisfies Record<string, Primaries>;
/** The name of a space. */
export type PrimariesName = keyof typeof PRIMARIES;

/** Spaces whose makers publish their transforms to ACES with the CAT02 adaptation. */
const BY_CAT02: ReadonlySet<PrimariesName> = new Set(['awg3', 'awg4', 'sgamut3', 'sgamut3cine', 'cgamut']);

/** The matrix between two spaces by name, adapted as the makers of camera spaces do. */
export const matrixByName = (from: PrimariesName, to: PrimariesName): Matrix3 =>
  matrixBetween(PRIMARIES[from], PRIMARIES[to], BY_CAT02.has(from) || BY_CAT02.has(to) ? 'cat02' : 'bradford');

const xyzOf = (x: number, y: number): Triple => [x / y, 1, (1 - x - y) / y];

/** Linear RGB to CIE XYZ with Y of white 1 (SMPTE RP 177). */
export function rgbToXyz([rx, ry, gx, gy, bx, by, wx, wy]: Primaries): Matrix3 {
  const z = (x: number, y: number) => 1 - x - y;
  const columns: Matrix3 = [rx, gx, bx, ry, gy, by, z(rx, ry), z(gx, gy), z(bx, by)];
  const [r, g, b] = transformed(inverted(columns), xyzOf(wx, wy));
  return multiplied(columns, [r, 0, 0, 0, g, 0, 0, 0, b]);
}

/** Cone responses that whites are adapted in. */
const CONES = {
  bradford: [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296],
  cat02: [0.7328, 0.4296, -0.1624, -0.7036, 1.6975, 0.0061, 0.003, 0.0136, 0.9834],
} as const satisfies Record<string, Matrix3>;

/**
 * Linear RGB of one space to another. White becomes white: by the Bradford adaptation, or by CAT02, which camera makers use for their
 * transforms to ACES.
 */
export function matrixBetween(from: Primaries, to: Primaries, adaptation: keyof typeof CONES = 'bradford'): Matrix3 {
  const [source, target] = [xyzOf(from[6], from[7]), xyzOf(to[6], to[7])];
  const cones = CONES[adaptation];
  const [a, b] = [transformed(cones, source), transformed(cones, target)];
  const scale: Matrix3 = [b[0] / a[0], 0, 0, 0, b[1] / a[1], 0, 0, 0, b[2] / a[2]];
  const adapted = multiplied(inverted(cones), multiplied(scale, cones));
  return multiplied(inverted(rgbToXyz(to)), multiplied(adapted, rgbToXyz(from)));
}
