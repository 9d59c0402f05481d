import { existsSync } from 'node:fs';
import path from 'node:path';
import { boundaryF, measure, regionJ } from '@rotokit/core/evaluation';
import { describe, expect, it } from 'vitest';
import { annotatedMasks } from './support/annotation.js';

const annotations = path.resolve(import.meta.dirname, '../../../../shared/data/davis2016/Annotations/480p');

/** J and F when frame t is scored with the annotation of frame t-1, and with that of frame 0: the data set's own table. */
const TABLE: [sequence: string, j: number, f: number, jFirst: number, fFirst: number][] = [
  ['bear', 0.955, 0.995, 0.655, 0.393],
  ['dance-jump', 0.756, 0.918, 0.431, 0.28],
  ['flamingo', 0.813, 0.969, 0.402, 0.342],
  ['horsejump-low', 0.676, 0.818, 0.309, 0.331],
  ['lucia', 0.834, 0.961, 0.571, 0.49],
  ['soccerball', 0.677, 0.739, 0.023, 0.016],
  ['swing', 0.667, 0.782, 0.259, 0.2],
  ['train', 0.911, 0.992, 0.315, 0.21],
];

describe.skipIf(!existsSync(annotations))('J and F against the calibration table of the DAVIS sequences', () => {
  it.each(TABLE)('%s', (sequence, j, f, jFirst, fFirst) => {
    const masks = annotatedMasks(path.join(annotations, sequence));
    const counted = masks.slice(1, -1);
    const of = (score: typeof regionJ, from: (t: number) => number) =>
      measure(counted.map((truth, i) => score(masks[from(i + 1)], truth))).mean.toFixed(3);
    expect([of(regionJ, (t) => t - 1), of(regionJ, () => 0)]).toEqual([j.toFixed(3), jFirst.toFixed(3)]);
    expect([
      of(
        (a, b) => boundaryF(a, b),
        (t) => t - 1,
      ),
      of(
        (a, b) => boundaryF(a, b),
        () => 0,
      ),
    ]).toEqual([f.toFixed(3), fFirst.toFixed(3)]);
  });
});
