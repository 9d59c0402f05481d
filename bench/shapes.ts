/**
 * What shapes come to on ground-truth masks in DAVIS layout: points, worst contour error, keys, processor time.
 *
 *   npx tsx bench/shapes.ts DAVIS [SEQ ...] [--key-error PX]
 *
 * Every sequence is fitted twice, with a key on every frame and with keys taken out down to PX (1.5). Times are of the
 * whole process for each frame, reading of the masks left out. "Crossing": so many shapes on a frame cross themselves.
 */
import { parseArgs } from 'node:util';
import { type FittedShapes, ShapeFitter, type ShapeSettings, shapeDefaults } from '@rotokit/core/shapes';
import type { FrameIndex, SoftMask } from '@rotokit/core/values';
import { readAnnotation, readDataSet } from '../packages/rotokit/src/eval/data-set.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'key-error': { type: 'string', default: '1.5' },
    error: { type: 'string' },
    points: { type: 'string' },
    room: { type: 'string' },
    full: { type: 'boolean', default: false },
  },
});
const [folder, ...only] = positionals;
if (!folder) throw new TypeError('DAVIS is missing: npx tsx bench/shapes.ts DAVIS [SEQ ...]');

const said = Object.fromEntries(
  (['error', 'points', 'room'] as const).flatMap((k) => (options[k] === undefined ? [] : [[k, Number(options[k])]])),
);

const HEADS = ['shapes', 'points at most', 'worst, px', 'crossing', 'ms a frame'];
row('', ...HEADS, 'keys', 'of', '%', ...HEADS.slice(2));
for (const { name, annotations } of await readDataSet(folder, only.length ? only : undefined)) {
  const masks: (SoftMask | undefined)[] = [];
  for (const path of annotations) masks.push((await readAnnotation(path)).get(1));
  const every = fit(masks, { ...said, keyError: 0 });
  const few = options.full ? every : fit(masks, { ...said, keyError: Number(options['key-error']) });
  const [keys, frames] = few.fitted.statistics.reduce(([k, f], s) => [k + s.keys, f + s.frames], [0, 0]);
  row(
    name,
    every.fitted.shapes.length,
    Math.max(...every.fitted.statistics.map((s) => s.points)),
    worst(every.fitted).toFixed(2),
    crossing(every.fitted),
    every.ms.toFixed(0),
    keys,
    frames,
    ((100 * keys) / frames).toFixed(0),
    worst(few.fitted).toFixed(2),
    crossing(few.fitted),
    few.ms.toFixed(0),
  );
}

function fit(masks: readonly (SoftMask | undefined)[], settings: Partial<ShapeSettings>) {
  const start = process.cpuUsage();
  const size = masks.find((m) => m)!.size;
  const fitter = new ShapeFitter({ name: 'object', settings: { ...shapeDefaults(size), ...settings } });
  for (const [i, mask] of masks.entries()) if (mask) fitter.add(i as FrameIndex, mask);
  const steps = fitter.fit();
  for (let step = steps.next(); ; step = steps.next()) {
    if (!step.done) continue;
    const { user, system } = process.cpuUsage(start);
    return { fitted: step.value, ms: (user + system) / 1000 / masks.length };
  }
}

function worst({ statistics }: FittedShapes): number {
  return Math.max(...statistics.map((s) => s.worst));
}

function crossing({ statistics }: FittedShapes): number {
  return statistics.reduce((sum, s) => sum + s.crossing, 0);
}

function row(...cells: readonly (string | number)[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
