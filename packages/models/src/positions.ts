import type { GraphBuilder, Node } from '@rotokit/graph';

const TAU = 2 * Math.PI;

/**
 * One axis as a table on a size×size grid of tokens, row by row: `axis` [size, n] by the token's line or by its column, to
 * [size², n]. Made in the graph from the short table: the runtime unfolds it once when it opens the model.
 */
function onGrid(g: GraphBuilder, axis: Node, along: 'line' | 'column'): Node {
  const [size, n] = axis.type.shape as readonly [number, number];
  const thin = g.reshape(axis, along === 'line' ? [size, 1, n] : [1, size, n]);
  return g.reshape(g.expand(thin, [size, size, n]), [size * size, n]);
}

/**
 * The sine encoding of a square map (Vaswani et al. 2017; DETR's two-dimensional form): [size², channels], tokens row by row, the
 * line's channels before the column's, sine and cosine alternating; positions 1…size are scaled to 2π.
 */
export function sinePlaces(g: GraphBuilder, size: number, channels: number, scale = 1): Node {
  const half = channels / 2;
  const axis = Float32Array.from({ length: size * half }, (_, k) => {
    const [position, i] = [((Math.floor(k / half) + 1) / (size + 1e-6)) * TAU, k % half];
    const angle = position / 10000 ** ((2 * Math.floor(i / 2)) / half);
    return scale * (i % 2 ? Math.cos(angle) : Math.sin(angle));
  });
  const table = g.constant(axis, [size, half]);
  return g.concat([onGrid(g, table, 'line'), onGrid(g, table, 'column')], 1);
}

/** Frequencies times positions, [size, quarter], row by row. */
function angles(size: number, quarter: number): Float64Array {
  const rate = Float64Array.from({ length: quarter }, (_, i) => 10000 ** (-i / quarter));
  return Float64Array.from({ length: size * quarter }, (_, k) => Math.floor(k / quarter) * rate[k % quarter]!);
}

/** Cosines and sines of the angles of a size×size grid of tokens, made once for all layers that turn by them. */
export interface Turn {
  readonly cos: Node;
  readonly sin: Node;
}

/**
 * Angles for tokens of a size×size grid and rows of `width` channels (RoPE, Su et al. 2021, along two axes): the first half of the pairs
 * of channels turns by the column, the second by the line. `still` tokens in front do not turn.
 */
export function axialTurn(g: GraphBuilder, size: number, width: number, still = 0): Turn {
  const quarter = width / 4;
  const all = angles(size, quarter);
  const table = (f: (angle: number) => number) => {
    const axis = g.constant(Float32Array.from(all, f), [size, quarter]);
    const turning = g.concat([onGrid(g, axis, 'column'), onGrid(g, axis, 'line')], 1);
    const none = g.constant(Float32Array.of(f(0)), [1, 1]);
    return still ? g.concat([g.expand(none, [still, 2 * quarter]), turning], 0) : turning;
  };
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

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

/** The cell centres of a size×size grid in [0, 1]², x before y, row by row: [size², 2]. */
export function cellCentres(g: GraphBuilder, size: number): Node {
  const axis = g.constant(
    Float32Array.from({ length: size }, (_, i) => (i + 0.5) / size),
    [size, 1],
  );
  return g.concat([onGrid(g, axis, 'column'), onGrid(g, axis, 'line')], 1);
}
