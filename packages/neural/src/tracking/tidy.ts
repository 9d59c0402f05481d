/** Which small pieces of a mask are changed once it was decoded. Cells of the logits, a quarter of the input's side; 0 changes none. */
export interface Tidying {
  /** Holes of so many cells or fewer are filled. */
  readonly holes: number;
  /** Islands of so many cells or fewer are taken away. */
  readonly islands: number;
}

/**
 * What the product of the SAM 2 repository does (`fill_hole_area=8`): holes up to 8 cells, no islands. SAM 3's does 16 and 16.
 * Memories are made of what was decoded; only what is shown, and what a correction starts from, is changed.
 */
export const TIDYING: Tidying = { holes: 8, islands: 0 };

/** Barely on the other side of 0: a filled cell does not change where its neighbours' edge lies by much. */
const FILL = 0.1;

/** Logits whose small holes are filled and small islands gone; the same array where there are none. Pieces hang together by sides and corners. */
export function tidied(logits: Float32Array, side: number, { holes, islands }: Tidying): Float32Array {
  if (holes <= 0 && islands <= 0) return logits;
  let out = logits;
  const { labels, areas } = pieces(logits, side);
  for (let i = 0; i < logits.length; i++) {
    const inside = logits[i]! > 0;
    if (areas[labels[i]!]! > (inside ? islands : holes)) continue;
    if (out === logits) out = logits.slice();
    out[i] = inside ? -FILL : FILL;
  }
  return out;
}

/**
 * Pieces of cells above 0 and of the others, 8-connected, in two passes: provisional labels and which of them are one (union-find),
 * then each piece's area under its root's label (Rosenfeld and Pfaltz 1966).
 */
function pieces(logits: Float32Array, side: number): { readonly labels: Int32Array; readonly areas: Int32Array } {
  const labels = new Int32Array(logits.length);
  const parents: number[] = [];
  const root = (label: number) => {
    let at = label;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  for (let y = 0, i = 0; y < side; y++)
    for (let x = 0; x < side; x++, i++) {
      const inside = logits[i]! > 0;
      let label = -1;
      const meet = (other: number) => {
        if (logits[other]! > 0 !== inside) return;
        const theirs = root(labels[other]!);
        if (label >= 0 && theirs !== label) parents[Math.max(label, theirs)] = Math.min(label, theirs);
        label = label < 0 ? theirs : Math.min(label, theirs);
      };
      if (x > 0) meet(i - 1);
      if (y > 0) {
        meet(i - side);
        if (x > 0) meet(i - side - 1);
        if (x + 1 < side) meet(i - side + 1);
      }
      if (label < 0) {
        label = parents.length;
        parents.push(label);
      }
      labels[i] = label;
    }
  const areas = new Int32Array(parents.length);
  for (let i = 0; i < labels.length; i++) {
    labels[i] = root(labels[i]!);
    areas[labels[i]!]!++;
  }
  return { labels, areas };
}
