/**
 * How few keys shapes could do with at best, whatever the method, on ground-truth masks in DAVIS layout.
 *
 *   npx tsx bench/keys-bound.ts DAVIS SEQ ... [--key-error PX]
 *
 * A key on frame a and one on frame b may stand in for frame m between them only if there is a way of going round the three
 * contours at once, never backwards, on which the point between those on a and b is always near the one on m: within twice the key
 * error, as the keys themselves may be off by once that (a Fréchet distance of three curves, decided by dynamic programming after
 * Eiter and Mannila 1994). Whole regions are looked at, not parts, so this is for sequences whose regions are one shape each. Contours are sampled every
 * 4, 2 and 1 pixels, each with as much more tolerance, so that nothing that is possible is ruled out. A shape of several
 * frames has keys on its first and its last. Distances are those of walks in order; the fit is measured to the nearest place, which is less
 * where a contour comes back upon itself within the error. The rest is arithmetic: the fewest keys from pairs of frames that are not ruled out.
 */
import { parseArgs } from 'node:util';
import { type Contour, contoursOf, loopOf, shapeDefaults } from '@rotokit/core/shapes';
import type { FrameIndex } from '@rotokit/core/values';
import { RegionTable } from '../packages/core/src/shapes/contours/regions.js';
import { readAnnotation, readDataSet } from '../packages/rotokit/src/eval/data-set.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'key-error': { type: 'string', default: '1.5' } },
});
const [folder, ...only] = positionals;
if (!folder || !only.length) throw new TypeError('npx tsx bench/keys-bound.ts DAVIS SEQ ...');

/** Pixels between samples, coarse first: what is ruled out there need not be looked at more finely. */
const STEPS = [4, 2, 1] as const;

interface Samples {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly count: number;
}

process.stdout.write('|  | region | frames | keys at least |\n');
for (const { name, annotations } of await readDataSet(folder, only)) {
  const table = new RegionTable();
  for (const [i, path] of annotations.entries()) {
    const mask = (await readAnnotation(path)).get(1);
    if (!mask) continue;
    const contours = contoursOf(mask).filter((c) => Math.abs(c.area) >= shapeDefaults(mask.size).smallest);
    const found = contours.map((contour) => ({ contour, loop: loopOf(contour, 1), softness: new Float32Array(0) }));
    table.add(i as FrameIndex, found);
  }
  let [keys, frames] = [0, 0];
  for (const { id, on } of table.regions) {
    const rounds = on.map(({ frame, loop }) => ({ frame, samples: STEPS.map((s) => sampled(loop.contour, s)) }));
    const least = fewest(rounds, 2 * Number(options['key-error']));
    [keys, frames] = [keys + least, frames + on.length];
    process.stdout.write(`| ${name} | ${id} | ${on.length} | ${least} |\n`);
  }
  process.stdout.write(`| ${name} | all | ${frames} | ${keys}, ${((100 * keys) / frames).toFixed(0)} % |\n`);
}

interface Round {
  readonly frame: number;
  readonly samples: readonly Samples[];
}

function fewest(rounds: readonly Round[], tolerance: number): number {
  const keys = rounds.map((_, i) => (i ? Number.POSITIVE_INFINITY : 1));
  for (let a = 0; a < rounds.length; a++)
    for (let b = a + 1; b < rounds.length; b++)
      if (keys[a] + 1 < keys[b] && isOpen(rounds, a, b, tolerance)) keys[b] = keys[a] + 1;
  return keys[keys.length - 1];
}

function isOpen(rounds: readonly Round[], a: number, b: number, tolerance: number): boolean {
  const [p, q] = [rounds[a], rounds[b]];
  return STEPS.every((step, s) =>
    rounds.slice(a + 1, b).every((m) => {
      const t = (m.frame - p.frame) / (q.frame - p.frame);
      return goTogether(p.samples[s], q.samples[s], m.samples[s], t, tolerance + step);
    }),
  );
}

/** Whether one can go round three closed curves at once with the third always within `radius` of the point between the others. */
function goTogether(a: Samples, b: Samples, m: Samples, t: number, radius: number): boolean {
  const { cells, starts } = nearCells(a, b, m, t, radius);
  const row = (i: number, k: number) => cells.subarray(starts[i * m.count + k], starts[i * m.count + k + 1]);
  const size = (i: number) => starts[(i + 1) * m.count] - starts[i * m.count];
  let i0 = 0;
  for (let i = 1; i < a.count; i++) if (size(i) < size(i0)) i0 = i;
  const width = b.count + 1;
  let before = new Uint8Array(width * (m.count + 1));
  let here = new Uint8Array(width * (m.count + 1));
  for (let k0 = 0; k0 < m.count; k0++) for (const j0 of row(i0, k0)) if (closes(j0, k0)) return true;
  return false;

  function closes(j0: number, k0: number): boolean {
    let reachedBefore: number[] = [];
    let closed = false;
    for (let step = 0; step <= a.count; step++) {
      const reached: number[] = [];
      for (let k = 0; k <= m.count; k++) {
        const at = ((i0 + step) % a.count) * m.count + ((k0 + k) % m.count);
        const [lo, hi] = [starts[at], starts[at + 1]];
        let first = lo;
        while (first < hi && cells[first] < j0) first++;
        for (let n = first; n < hi; n++) look(step, k, cells[n] - j0, reached);
        for (let n = lo; n < first; n++) look(step, k, cells[n] - j0 + b.count, reached);
        if (first < hi && cells[first] === j0) look(step, k, b.count, reached);
      }
      for (const c of reachedBefore) before[c] = 0;
      [before, here, reachedBefore] = [here, before, reached];
      if (!reached.length) return false;
      closed = before[before.length - 1] === 1;
    }
    for (const c of reachedBefore) before[c] = 0;
    return closed;
  }

  /** Marks a place as reached if one can come there from where only one, two or all three curves are a sample further back. */
  function look(step: number, k: number, j: number, reached: number[]): void {
    const c = k * width + j;
    const reach =
      before[c] |
      (j ? here[c - 1] | before[c - 1] : 0) |
      (k ? here[c - width] | before[c - width] : 0) |
      (j && k ? here[c - width - 1] | before[c - width - 1] : 0);
    if (reach || (step === 0 && c === 0)) {
      here[c] = 1;
      reached.push(c);
    }
  }
}

/** For each pair of samples of `a` and `m` the samples of `b` that will do, ascending, one list after the other. */
function nearCells(a: Samples, b: Samples, m: Samples, t: number, radius: number) {
  const reach = radius / t;
  const grid = new Map<number, number[]>();
  const cell = (x: number, y: number) => Math.floor(x / reach) * 8192 + Math.floor(y / reach);
  for (let j = 0; j < b.count; j++) {
    const c = cell(b.x[j], b.y[j]);
    grid.set(c, [...(grid.get(c) ?? []), j]);
  }
  const found: number[] = [];
  const starts = new Int32Array(a.count * m.count + 1);
  for (let i = 0; i < a.count; i++)
    for (let k = 0; k < m.count; k++) {
      const [x, y] = [(m.x[k] - (1 - t) * a.x[i]) / t, (m.y[k] - (1 - t) * a.y[i]) / t];
      const begin = found.length;
      for (const dx of [-8192, 0, 8192])
        for (const dy of [-1, 0, 1])
          for (const j of grid.get(cell(x, y) + dx + dy) ?? [])
            if (Math.hypot(b.x[j] - x, b.y[j] - y) <= reach) found.push(j);
      if (found.length > begin + 1) {
        const sorted = found.splice(begin).sort((p, q) => p - q);
        for (const j of sorted) found.push(j);
      }
      starts[i * m.count + k + 1] = found.length;
    }
  return { cells: Int32Array.from(found), starts };
}

/** A contour at even steps of about `step` pixels, at least a dozen. */
function sampled({ xy }: Contour, step: number): Samples {
  const n = xy.length >> 1;
  const along = [0];
  for (let i = 0; i < n; i++) {
    const j = (i + 1) % n;
    along.push(along[i] + Math.hypot(xy[2 * j] - xy[2 * i], xy[2 * j + 1] - xy[2 * i + 1]));
  }
  const count = Math.max(12, Math.ceil(along[n] / step));
  const [x, y] = [new Float64Array(count), new Float64Array(count)];
  for (let k = 0, i = 0; k < count; k++) {
    const s = (along[n] * k) / count;
    while (along[i + 1] < s) i++;
    const j = (i + 1) % n;
    const u = (s - along[i]) / (along[i + 1] - along[i] || 1);
    x[k] = xy[2 * i] + (xy[2 * j] - xy[2 * i]) * u;
    y[k] = xy[2 * i + 1] + (xy[2 * j + 1] - xy[2 * i + 1]) * u;
  }
  return { x, y, count };
}
