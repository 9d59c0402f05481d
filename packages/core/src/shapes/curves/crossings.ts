import { PER_POINT } from '../../values/index.js';
import { flattenOutline } from './flatten.js';

/** Where an outline crosses itself: the two segments (the earlier first) and the parameters there, and the place. */
export interface Crossing {
  readonly segment: number;
  readonly t: number;
  readonly other: number;
  readonly u: number;
  readonly x: number;
  readonly y: number;
}

/** Numbers of a chord: its ends and the parameters of its ends. */
const PER_CHORD = 6;

/** Chords of an outline, those of segment `i` from `from[i]` to `from[i + 1]`, in the box `box[4 * i ...]`. Valid until the next ones. */
let chords = new Float64Array(4096);
let from = new Int32Array(64);
let box = new Float64Array(256);

/** Every place where an outline crosses itself. Touching, or running along itself, is none. */
export function crossingsOf(outline: Float64Array): readonly Crossing[] {
  const found: Crossing[] = [];
  search(outline, (c) => {
    found.push(c);
    return true;
  });
  return found;
}

/** Whether an outline crosses itself: for a frame between two keys, whether the interpolated shape does. */
export function crossesItself(outline: Float64Array): boolean {
  let crosses = false;
  search(outline, () => {
    crosses = true;
    return false;
  });
  return crosses;
}

function layOut(outline: Float64Array): number {
  const n = outline.length / PER_POINT;
  if (from.length <= n) {
    from = new Int32Array(2 * n);
    box = new Float64Array(8 * n);
  }
  let k = 0;
  let open = -1;
  flattenOutline(outline, (x0, y0, x1, y1, segment, t0, t1) => {
    if (segment !== open) {
      open = segment;
      from[segment] = k;
      box.set([x0, y0, x0, y0], 4 * segment);
    }
    const b = 4 * segment;
    if (x1 < box[b]) box[b] = x1;
    if (y1 < box[b + 1]) box[b + 1] = y1;
    if (x1 > box[b + 2]) box[b + 2] = x1;
    if (y1 > box[b + 3]) box[b + 3] = y1;
    const c = PER_CHORD * k++;
    if (c + PER_CHORD > chords.length) {
      const more = new Float64Array(2 * chords.length);
      more.set(chords);
      chords = more;
    }
    chords[c] = x0;
    chords[c + 1] = y0;
    chords[c + 2] = x1;
    chords[c + 3] = y1;
    chords[c + 4] = t0;
    chords[c + 5] = t1;
  });
  from[n] = k;
  return n;
}

function search(outline: Float64Array, tell: (c: Crossing) => boolean): void {
  const n = layOut(outline);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const [p, q] = [4 * i, 4 * j];
      if (box[p] > box[q + 2] || box[q] > box[p + 2] || box[p + 1] > box[q + 3] || box[q + 1] > box[p + 3]) continue;
      if (j - i < 2 && runsOneWay(outline, i, j)) continue;
      if (n > 2 && i === 0 && j === n - 1 && runsOneWay(outline, j, i)) continue;
      for (let a = from[i] * PER_CHORD; a < from[i + 1] * PER_CHORD; a += PER_CHORD) {
        if (i !== j && isBeside(a, q)) continue;
        const left = Math.min(chords[a], chords[a + 2]);
        const right = Math.max(chords[a], chords[a + 2]);
        const top = Math.min(chords[a + 1], chords[a + 3]);
        const bottom = Math.max(chords[a + 1], chords[a + 3]);
        const first = i === j ? a + 2 * PER_CHORD : from[j] * PER_CHORD;
        for (let b = first; b < from[j + 1] * PER_CHORD; b += PER_CHORD) {
          if (chords[b] < left && chords[b + 2] < left) continue;
          if (chords[b] > right && chords[b + 2] > right) continue;
          if (chords[b + 1] < top && chords[b + 3] < top) continue;
          if (chords[b + 1] > bottom && chords[b + 3] > bottom) continue;
          const c = meet(a, b, i, j);
          if (c && !tell(c)) return;
        }
      }
    }
  }
}

/** Whether a chord lies outside of the box at `q`. */
const isBeside = (c: number, q: number): boolean =>
  (chords[c] < box[q] && chords[c + 2] < box[q]) ||
  (chords[c] > box[q + 2] && chords[c + 2] > box[q + 2]) ||
  (chords[c + 1] < box[q + 1] && chords[c + 3] < box[q + 1]) ||
  (chords[c + 1] > box[q + 3] && chords[c + 3] > box[q + 3]);

/**
 * Whether the control polygon of a segment, or of one and the next, goes on and on in the direction from its beginning to its end: the
 * curve does the same then, and cannot cross itself.
 */
function runsOneWay(outline: Float64Array, i: number, j: number): boolean {
  const start = i * PER_POINT;
  const end = j * PER_POINT + PER_POINT < outline.length ? j * PER_POINT + PER_POINT : 0;
  const [dx, dy] = [outline[end] - outline[start], outline[end + 1] - outline[start + 1]];
  return goesOn(outline, i, dx, dy) && (i === j || goesOn(outline, j, dx, dy));
}

function goesOn(outline: Float64Array, i: number, dx: number, dy: number): boolean {
  const a = i * PER_POINT;
  const b = a + PER_POINT < outline.length ? a + PER_POINT : 0;
  const along = (from: number, to: number) =>
    (outline[to] - outline[from]) * dx + (outline[to + 1] - outline[from + 1]) * dy >= 0;
  return along(a, a + 4) && along(a + 4, b + 2) && along(b + 2, b);
}

/** On which side of the chord at `c` a point lies. */
const side = (c: number, x: number, y: number): number =>
  (chords[c + 2] - chords[c]) * (y - chords[c + 1]) - (chords[c + 3] - chords[c + 1]) * (x - chords[c]);

/** Where two chords cross. Chords with an end in common follow one another and do not. */
function meet(a: number, b: number, segment: number, other: number): Crossing | undefined {
  const c = side(a, chords[b], chords[b + 1]);
  const d = side(a, chords[b + 2], chords[b + 3]);
  if (c > 0 === d > 0) return undefined;
  const p = side(b, chords[a], chords[a + 1]);
  const q = side(b, chords[a + 2], chords[a + 3]);
  if (p > 0 === q > 0) return undefined;
  if (isSame(a, b) || isSame(a, b + 2) || isSame(a + 2, b) || isSame(a + 2, b + 2)) return undefined;
  const [s, r] = [p / (p - q), c / (c - d)];
  return {
    segment,
    t: chords[a + 4] + (chords[a + 5] - chords[a + 4]) * s,
    other,
    u: chords[b + 4] + (chords[b + 5] - chords[b + 4]) * r,
    x: chords[a] + (chords[a + 2] - chords[a]) * s,
    y: chords[a + 1] + (chords[a + 3] - chords[a + 1]) * s,
  };
}

const isSame = (a: number, b: number): boolean => chords[a] === chords[b] && chords[a + 1] === chords[b + 1];
