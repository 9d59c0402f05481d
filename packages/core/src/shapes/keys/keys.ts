/** Longest stretch between two keys, in frames, and how many longer ones are tried after one that does not do. */
const LONGEST = 96;
const PATIENCE = 3;

/**
 * The fewest keys such that every frame between two neighbouring ones is near enough when interpolated, by dynamic
 * programming over pairs of frames (after Roberts et al. 2019, "Optimal and interactive keyframe selection"). The first
 * and the last frame are keys, and so is every one in `required`.
 * @param fits whether all frames between two are near enough when those two are keys and none between them is
 */
export function fewestKeys(
  frames: number,
  required: ReadonlySet<number>,
  fits: (from: number, to: number) => boolean,
): readonly number[] {
  const keys = new Int32Array(frames).fill(frames + 1);
  const before = new Int32Array(frames).fill(-1);
  keys[0] = 1;
  for (let i = 0; i < frames - 1; i++) {
    for (let j = i + 1, failed = 0; j < frames && j - i <= LONGEST && failed < PATIENCE; j++) {
      if (j > i + 1 && !fits(i, j)) failed++;
      else {
        failed = 0;
        if (keys[i] + 1 < keys[j]) {
          keys[j] = keys[i] + 1;
          before[j] = i;
        }
      }
      if (required.has(j)) break;
    }
  }
  const kept: number[] = [];
  for (let j = frames - 1; j >= 0; j = before[j]) kept.push(j);
  return kept.reverse();
}

/** Point by point between two outlines, linear in time: what every host does between two keys. `t` is 0 .. 1. */
export function between(a: Float64Array, b: Float64Array, t: number, into = new Float64Array(a.length)): Float64Array {
  for (let k = 0; k < into.length; k++) into[k] = a[k] + (b[k] - a[k]) * t;
  return into;
}
