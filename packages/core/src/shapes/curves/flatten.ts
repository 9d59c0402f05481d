import { PER_POINT } from '../../values/index.js';

/** Curves are flattened until no point is further than this from its chord, in pixels. */
const FLATNESS = 0.01;

/** Told every chord of an outline in order: its ends, its segment and the parameters of its ends there. */
export type TellChord = (
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  segment: number,
  t0: number,
  t1: number,
) => void;

/** An outline as chords no further than a hundredth of a pixel from it, as many as each segment's bend needs. */
export function flattenOutline(outline: Float64Array, tell: TellChord): void {
  const n = outline.length / PER_POINT;
  for (let i = 0; i < n; i++) {
    const a = i * PER_POINT;
    const b = ((i + 1) % n) * PER_POINT;
    const [x0, y0, x1, y1] = [outline[a], outline[a + 1], outline[a + 4], outline[a + 5]];
    const [x2, y2, x3, y3] = [outline[b + 2], outline[b + 3], outline[b], outline[b + 1]];
    // The second differences bound how far a chord is off (Wang 1984).
    const bend = Math.max(
      Math.hypot(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2),
      Math.hypot(x1 - 2 * x2 + x3, y1 - 2 * y2 + y3),
    );
    const pieces = Math.max(1, Math.ceil(Math.sqrt((0.75 * bend) / FLATNESS)));
    let [px, py] = [x0, y0];
    for (let k = 1; k <= pieces; k++) {
      const t = k / pieces;
      const s = 1 - t;
      const [b0, b1, b2, b3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
      const [x, y] =
        k === pieces ? [x3, y3] : [b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3, b0 * y0 + b1 * y1 + b2 * y2 + b3 * y3];
      tell(px, py, x, y, i, (k - 1) / pieces, t);
      [px, py] = [x, y];
    }
  }
}
