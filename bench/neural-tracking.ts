/**
 * What sharing gains: the same clip tracked with the same objects the plain way and the product's way, in turns, with equal masks.
 *
 *   npx tsx bench/neural-tracking.ts CLIP [MODEL] [--frames 5] [--objects 1,3,5] [--rounds 3] [--threads 2]
 *
 * Plain: each object in a session and a clip of its own, so that every frame is decoded and encoded for each object; no features are kept and
 * nothing is prepared ahead. The product's way: one session. Timed are a click on the first frame for each object and following them to the
 * last; then a click for each object on the frame in the middle and following from there again. Random weights: the same work. Milliseconds
 * without opening, medians of the rounds; `cores`: processor time divided by the clock's, so that what is left to gain by doing more at once shows.
 */
import { parseArgs } from 'node:util';
import type { EngineSession, FrameSource } from '@rotokit/core/ports';
import { type FrameIndex, frameIndex, type ObjectId, objectId, type SoftMask, sourcePoint } from '@rotokit/core/values';
import { openClip } from '@rotokit/media';
import { type NeuralOptions, neuralEngine, recentFeatures } from '@rotokit/neural';
import { openNodeInference } from '@rotokit/ort/node';
import { median } from '../packages/rotokit/src/bench/median.js';
import { CONFIGS } from '../tools/src/parity/configs.js';
import { randomFile } from '../tools/src/parity/networks.js';
import { SCORE_BIAS } from '../tools/src/parity/video.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    frames: { type: 'string', default: '5' },
    objects: { type: 'string', default: '1,3,5' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
  },
});
const [clip, model = 'edgetam'] = positionals;
if (!clip) throw new RangeError('CLIP: name a clip');
const config = CONFIGS[model]!;
const [last, rounds, threads] = [values.frames, values.rounds, values.threads].map(Number) as [number, number, number];
/** Frames that features are kept of: all that are tracked. */
const KEPT = 1 + last;
const bytes = KEPT * 21e6 * (config.imageSize / 1024) ** 2 * (config.hidden / 256);

/** Keeps nothing. */
const nothing: NonNullable<NeuralOptions['cache']> = {
  getOrCompute: async (_key, _bytes, compute) => compute(new AbortController().signal),
};

// Moved up, so that objects are there on every frame and masks have something in them.
const file = await randomFile(config, { [SCORE_BIAS]: 2 });
const weights = { header: file.header, file: { path: file.path }, digest: 'random' };
const engine = (more: Partial<NeuralOptions>) =>
  neuralEngine({ name: model, config, weights, inference: () => openNodeInference({ threads }), ...more });

interface Opened {
  readonly source: FrameSource;
  readonly session: EngineSession;
  readonly objects: readonly ObjectId[];
}

async function open(objects: readonly ObjectId[], plain: boolean): Promise<Opened> {
  const source = await openClip(clip!, plain ? { ahead: 0, ringBytes: 0 } : {});
  const session = await engine(plain ? { cache: nothing, ahead: 0 } : { cache: recentFeatures(bytes) }).open(source);
  return { source, session, objects };
}

type Masks = Map<string, SoftMask>;

/** A click for each object on a frame, and what follows from there to the last frame. */
async function track({ session, source, objects }: Opened, from: FrameIndex, masks: Masks): Promise<void> {
  const { width, height } = source.info.size;
  const place = (object: ObjectId) => sourcePoint((width * (1 + Number(object))) / 8, height / 2);
  const asked = objects.map((object) => ({
    object,
    prompts: [{ kind: 'point', at: place(object), positive: true } as const],
  }));
  const answers = await session.segment(from, asked);
  const starts = objects.map((object, i) => ({ object, mask: answers[i]!, priority: 0 }));
  const walk = { from, to: frameIndex(last), objects: starts, overlap: 'allowed' } as const;
  for await (const frame of session.propagate(walk))
    for (const { object, mask } of frame.objects) masks.set(`${from}/${object}/${frame.frame}`, mask);
}

/** Milliseconds of the clock and of the processor. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

async function timed(work: () => Promise<void>): Promise<Cost> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}

const same = (a: Masks, b: Masks) =>
  a.size === b.size &&
  [...a].every(([key, m]) => JSON.stringify(m.window) === JSON.stringify(b.get(key)?.window) && equal(m, b.get(key)!));
const equal = (a: SoftMask, b: SoftMask) =>
  a.values.length === b.values.length && a.values.every((v, i) => v === b.values[i]);

/** Tracking, and tracking again after a correction. */
type Times = readonly [first: Cost, again: Cost];

async function one(all: readonly ObjectId[], plain: boolean, masks: Masks): Promise<Times> {
  const opened = await Promise.all((plain ? all.map((o) => [o]) : [all]).map((objects) => open(objects, plain)));
  try {
    const through = (from: number) =>
      timed(async () => {
        for (const each of opened) await track(each, frameIndex(from), masks);
      });
    return [await through(0), await through(last >> 1)];
  } finally {
    for (const { session, source } of opened) {
      await session.close();
      await source.close();
    }
  }
}

console.log(`${model}, ${config.imageSize} pixels, ${last} tracked frames, ${threads} threads, medians of ${rounds}`);
for (const count of values.objects.split(',').map(Number)) {
  const objects = Array.from({ length: count }, (_, i) => objectId(String(i)));
  const took: Record<'plain' | 'ours', Times[]> = { plain: [], ours: [] };
  for (let round = 0; round < rounds; round++) {
    const [expected, found]: [Masks, Masks] = [new Map(), new Map()];
    took.plain.push(await one(objects, true, expected));
    took.ours.push(await one(objects, false, found));
    if (!same(expected, found)) throw new Error(`${count} objects: the masks of the two ways differ`);
  }
  const of = (way: 'plain' | 'ours', i: 0 | 1, key: keyof Cost) => median(took[way].map((t) => t[i][key]));
  const line = (i: 0 | 1) => {
    const [plain, ours] = [of('plain', i, 'wall'), of('ours', i, 'wall')];
    const [before, now] = [of('plain', i, 'cpu'), of('ours', i, 'cpu')];
    return [
      `${plain.toFixed(0)} ms plain, ${ours.toFixed(0)} ms ours: ${(plain / ours).toFixed(2)} times as fast`,
      `processor ${before.toFixed(0)} and ${now.toFixed(0)} ms: ${(before / now).toFixed(2)} times`,
      `${(before / plain).toFixed(2)} and ${(now / ours).toFixed(2)} cores`,
    ].join('; ');
  };
  console.log(`${count} objects, tracked: ${line(0)}`);
  console.log(`${count} objects, corrected and tracked again: ${line(1)}`);
}
await file.remove();
