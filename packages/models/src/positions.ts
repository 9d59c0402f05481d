import type { GraphBuilder, Node } from '@rotokit/graph';

const TAU = 2 * Math.PI;

/**
 * The sine encoding of a square map (Vaswani et al. 2017; DETR's two-dimensional form): `channels` numbers for each of
 * size² tokens, row by row, the line first and then the column, sine and cosine alternating; positions 1…size are scaled to 2π.
 */
export function sineTable(size: number, channels: number, scale = 1): Float32Array {
  const half = channels / 2;
  const axis = Array.from({ length: size }, (_, p) => {
    const position = ((p + 1) / (size + 1e-6)) * TAU;
    return Float32Array.from({ length: half }, (_, i) => {
      const angle = position / 10000 ** ((2 * Math.floor(i / 2)) / half);
      return scale * (i % 2 ? Math.cos(angle) : Math.sin(angle));
    });
  });
  const table = new Float32Array(size * size * channels);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      table.set(axis[y]!, (y * size + x) * channels);
      table.set(axis[x]!, (y * size + x) * channels + half);
    }
  return table;
}

/** Cosines and sines of the axial rotary encoding: the first half of the pairs turns with the column, the second with the line. */
export interface RotaryTables {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  /** Tokens, then pairs of channels. */
  readonly shape: readonly [number, number];
}

/**
 * Angles for a size×size grid and rows of `width` channels (RoPE, Su et al. 2021, along two axes). `still` tokens in front
 * do not turn at all.
 */
export function axialRotary(size: number, width: number, still = 0): RotaryTables {
  const [pairs, quarter] = [width / 2, width / 4];
  const shape = [still + size * size, pairs] as const;
  const cos = new Float32Array(shape[0] * pairs).fill(1);
  const sin = new Float32Array(shape[0] * pairs);
  const table = (f: (a: number) => number) =>
    Array.from({ length: size }, (_, p) =>
      Float32Array.from({ length: quarter }, (_, i) => f(p * 10000 ** (-i / quarter))),
    );
  const [c, s] = [table(Math.cos), table(Math.sin)];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const at = (still + y * size + x) * pairs;
      cos.set(c[x]!, at);
      cos.set(c[y]!, at + quarter);
      sin.set(s[x]!, at);
      sin.set(s[y]!, at + quarter);
    }
  return { cos, sin, shape };
}

/** Turns tokens [batch, n, width] by a table of n rows. */
export const rotate = (g: GraphBuilder, x: Node, { cos, sin, shape }: RotaryTables): Node =>
  g.rotary(x, g.constant(cos, shape), g.constant(sin, shape));

/**
 * The matrix [to, from] that stretches `from` samples to `to`, cubic between pixel centres with a = -0.75 and edges
 * repeated (Keys 1981; as PyTorch's `interpolate(mode="bicubic")`).
 */
export function cubicMatrix(from: number, to: number): Float32Array {
  const a = -0.75;
  const kernel = (d: number) => {
    const t = Math.abs(d);
    if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
  };
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const centre = ((i + 0.5) * from) / to - 0.5;
    const first = Math.floor(centre) - 1;
    for (let k = first; k < first + 4; k++) {
      const column = Math.min(from - 1, Math.max(0, k));
      matrix[i * from + column]! += kernel(centre - k);
    }
  }
  return matrix;
}

/** Random Fourier features of points in [0, 1]² (Tancik et al. 2020): sin ‖ cos of 2π·(2p−1)·G; `gaussian` is [2, width/2]. */
export function fourier(g: GraphBuilder, points: Node, gaussian: Node): Node {
  const centred = g.combine('sub', g.mul(points, g.scalar(2)), g.scalar(1));
  const angles = g.mul(g.matmul(centred, gaussian), g.scalar(TAU));
  return g.concat([g.map('sin', angles), g.map('cos', angles)], 1);
}

/** The cell centres of a size×size grid in [0, 1]², x before y, row by row. */
export function cellCentres(g: GraphBuilder, size: number): Node {
  const at = (i: number) => ((i % 2 ? Math.floor(i / 2 / size) : (i / 2) % size) + 0.5) / size;
  const data = Float32Array.from({ length: 2 * size * size }, (_, i) => at(i));
  return g.constant(data, [size * size, 2]);
}
