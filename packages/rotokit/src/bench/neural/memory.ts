import type { Candidate } from './candidate.js';

/** Frames at which memory is read. */
const MARKS = [1, 2, 5, 8, 10, 15, 20, 50, 100, 150, 200, 300, 500, 1000];

/** Follows one object for `frames` frames. @returns peak resident MB by frames followed. */
export async function memoryWhileTracking(
  candidate: Candidate,
  frames: number,
  onFrame: (n: number) => void,
): Promise<readonly (readonly [frames: number, mb: number])[]> {
  const curve: (readonly [number, number])[] = [];
  for (let n = 1; n <= frames; n++) {
    onFrame(n);
    const { rss } = await candidate.cost('frame');
    if (n === frames || MARKS.includes(n)) curve.push([n, rss]);
  }
  return curve;
}
