/**
 * What the state of a neural session costs, and what keeping it smaller or on disk changes: `npx tsx bench/neural-state.ts [MODEL] [--frames 30] [--objects 2]`.
 *
 * One made-up clip is walked with the same random weights (the object's score lifted, so that it is always seen): memories as floats, in half and in bfloat16, how
 * alike the logits are, what a memory weighs, and what it takes to put it on the shelf, to disk and back. Then a click on each of three frames after
 * a walk whose features no longer fit in memory, with the features on disk and without; and the same clicks in a session that is opened anew and told the
 * masks, beside prompts alone. MODEL is a name of tools/parity/models.json: mini-edgetam,
 * edgetam, sam2.1-hiera-tiny. Times are medians, of the clock.
 */
import { parseArgs } from 'node:util';
import { regionJ } from '@rotokit/core/evaluation';
import { scriptedSource } from '@rotokit/core/fakes';
import { HARDWARE, PRECISIONS, type Precision, timed } from '@rotokit/core/resources';
import { frameIndex, maskFromPlane, objectId, type SoftMask, SRGB, size, sourcePoint } from '@rotokit/core/values';
import {
  FeatureStore,
  KeptMemories,
  memoryBytes,
  type NeuralOptions,
  neuralEngine,
  recentFeatures,
  sam2Policy,
  type VideoModel,
  VideoTracker,
} from '@rotokit/neural';
import { openNodeInference } from '@rotokit/ort/node';
import { fileScratch, processBudget } from 'rotokit/resources';
import { median } from '../packages/rotokit/src/bench/median.js';
import { sessionStorage } from '../packages/rotokit/src/engines/session-storage.js';
import { CONFIGS } from '../tools/src/parity/configs.js';
import { randomFile } from '../tools/src/parity/networks.js';
import { openAll, SCORE_BIAS, sceneFrame } from '../tools/src/parity/video.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { frames: { type: 'string', default: '30' }, objects: { type: 'string', default: '2' } },
});
const config = CONFIGS[positionals[0] ?? 'mini-edgetam']!;
const [frames, count] = [Number(values.frames), Number(values.objects)];
const SIZE = size(480, 270);
const clock = () => performance.now();

const noise = (x: number, y: number, c: number) =>
  (Math.imul(x * 7919 + y * 104729 + c * 1299709, 0x9e3779b1) >>> 24) & 255;

/** A disc of coloured squares on a ground of others, moving: rough enough for random weights to see parts of the picture, not all of it or nothing. */
const source = () =>
  scriptedSource({
    frames,
    picture: (t) => {
      const samples = new Uint8Array(SIZE.width * SIZE.height * 3);
      for (let y = 0, k = 0; y < SIZE.height; y++)
        for (let x = 0; x < SIZE.width; x++, k += 3) {
          const [u, v] = [x - 120 - 4 * t, y - 130];
          const inside = Math.hypot(u, v) < 50;
          const [a, b] = inside ? [u >> 4, v >> 4] : [x >> 4, y >> 4];
          for (let c = 0; c < 3; c++) samples[k + c] = noise(a, b, inside ? c : c + 3);
        }
      return { format: 'rgb8' as const, ...SIZE, samples, colour: SRGB };
    },
  });

const plane = (at: number) => {
  const values = new Uint16Array(SIZE.width * SIZE.height);
  for (let y = 0; y < SIZE.height; y++)
    for (let x = 0; x < SIZE.width; x++)
      if (Math.hypot(x - 120 - 180 * at, y - 130) < 50) values[y * SIZE.width + x] = 65535;
  return maskFromPlane(SIZE, values);
};
const objects = Array.from({ length: count }, (_, i) => ({ object: objectId(`o${i}`), mask: plane(i), priority: i }));
const walk = { from: frameIndex(0), to: frameIndex(frames - 1), objects, overlap: 'allowed' } as const;

const file = await randomFile(config, { [SCORE_BIAS]: 5 });
const engine = (more: Partial<NeuralOptions>) =>
  neuralEngine({
    ...{ name: config.name, config, weights: { header: file.header, file: { path: file.path }, digest: 'random' } },
    inference: () => openNodeInference({ threads: 1 }),
    ...more,
  });

/** Logits of the first object's masks on every frame after the first; features are computed once for all precisions. */
async function logits(model: VideoModel, features: FeatureStore, precision: Precision): Promise<Float32Array[]> {
  const memories = new KeptMemories(config, { bytes: 1e9 }, precision);
  const tracker = new VideoTracker(model, features, { frames, policy: sam2Policy(), memories });
  const object = objectId('o');
  const side = config.imageSize;
  const mask = Float32Array.from({ length: side * side }, (_, i) =>
    Math.hypot((i % side) / side - 0.25, Math.floor(i / side) / side - 0.4) < 0.15 ? 1 : 0,
  );
  const at = (frame: number) => ({ frame, step: 1 as const, picture: () => sceneFrame(frame, side).data });
  tracker.add(object);
  await tracker.prompt(object, { kind: 'mask', mask }, at(0));
  const found: Float32Array[] = [];
  for (let frame = 1; frame < frames; frame++) found.push((await tracker.track(at(frame)))[0]!.logits);
  await memories.close();
  return found;
}

/**
 * How alike two grids of logits are: the IoU of what lies above the middle one of the first grid's, because random weights may see the object everywhere or
 * nowhere, and the mean difference over the mean distance from that middle.
 */
function alike(a: Float32Array, b: Float32Array): { readonly iou: number; readonly off: number } {
  const middle = a.slice().sort()[a.length >> 1]!;
  let [both, either, off, spread] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [p, q] = [a[i]! > middle, b[i]! > middle];
    if (p && q) both++;
    if (p || q) either++;
    off += Math.abs(a[i]! - b[i]!);
    spread += Math.abs(a[i]! - middle);
  }
  return { iou: both / either, off: off / spread };
}

async function precisions(): Promise<void> {
  const ort = await openNodeInference({ threads: 1 });
  const model = await openAll(ort, config, file);
  const features = new FeatureStore(model, recentFeatures(frames * model.featureBytes), 'scene');
  const float = await logits(model, features, 'float32');
  for (const precision of PRECISIONS) {
    const kept = precision === 'float32' ? float : await logits(model, features, precision);
    const found = kept.map((grid, i) => alike(float[i]!, grid));
    const [here, away] = [await shelfTimes(precision, 1e9), await shelfTimes(precision, 0)];
    const worst = Math.min(...found.map((f) => f.iou));
    const off = found.reduce((sum, f) => sum + f.off, 0) / found.length;
    console.log(
      `${precision}: ${(memoryBytes(config, precision) / 1e3).toFixed(0)} kB a memory; ${here} in memory, ${away} on disk; IoU with floats ${worst.toFixed(5)} at worst, logits off by ${(100 * off).toFixed(3)} %`,
    );
  }
  await ort.close();
}

/** In and out of a shelf: with 0 bytes of room each memory goes to disk when the next one comes. */
async function shelfTimes(precision: Precision, bytes: number): Promise<string> {
  const memories = new KeptMemories(config, { bytes, scratch: fileScratch() }, precision);
  const data = Float32Array.from(
    { length: memoryBytes(config, 'float32') / (config.memory.rounds ? 2 : 4) },
    (_, i) => 3 * Math.sin(i),
  );
  const [puts, gets, into]: [number[], number[], Float32Array] = [[], [], new Float32Array(data.length)];
  const first = await memories.keep(data);
  for (let n = 0; n < 25; n++) {
    puts.push((await timed(clock, () => memories.keep(data))).ms);
    gets.push((await timed(clock, () => memories.copy(first, into))).ms);
  }
  await memories.close();
  return `in ${median(puts).toFixed(2)} ms, out ${median(gets).toFixed(2)} ms`;
}

/** Clicks on known frames of a session that keeps no features in memory to speak of. */
async function corrections(featuresOnDisk: number): Promise<void> {
  const settings = { ...HARDWARE.laptop.settings, features: 1, featuresOnDisk };
  let encoded = 0;
  const inference = async () => {
    const inner = await openNodeInference({ threads: 1 });
    return {
      ...{ name: inner.name, provenance: inner.provenance, close: () => inner.close() },
      async load(...asked: Parameters<typeof inner.load>) {
        const network = await inner.load(...asked);
        const encodes = network.outputs.some((o) => o.name === 's0') && network.inputs.some((i) => i.name === 'image');
        return {
          ...{ inputs: network.inputs, outputs: network.outputs, close: () => network.close() },
          run: (...inputs: Parameters<typeof network.run>) => {
            if (encodes) encoded++;
            return network.run(...inputs);
          },
        };
      },
    };
  };
  const storage = () => sessionStorage({ settings, budget: processBudget() });
  const session = await engine({ inference, storage }).open(source());
  for await (const _ of session.propagate(walk));
  encoded = 0;
  const times: number[] = [];
  for (const frame of [frames - 2, frames - 3, frames - 4]) {
    const prompts = [{ kind: 'point', at: sourcePoint(120 + 4 * frame, 130), positive: true } as const];
    const asked = [{ object: objectId('o0'), prompts }];
    times.push((await timed(clock, () => session.segment(frameIndex(frame), asked))).ms);
  }
  await session.close();
  const where = featuresOnDisk ? 'with features on disk' : 'without';
  console.log(
    `a click after the walk ${where}: ${median(times).toFixed(0)} ms, ${encoded} pictures encoded for 3 clicks`,
  );
}

/** Clicks in the session that tracked, in one that is told what was tracked, and in one that knows nothing. */
async function anew(): Promise<void> {
  const [{ object, mask }] = objects as [(typeof objects)[number]];
  const tracked = new Map<number, SoftMask>();
  const first = await engine({}).open(source());
  for await (const frame of first.propagate({ ...walk, objects: objects.slice(0, 1) }))
    tracked.set(frame.frame, frame.objects[0]!.mask);
  const settled = new Map([[0, mask]]);
  const past = {
    anchors: () => [...settled.keys()].sort((a, b) => a - b).map((f) => frameIndex(f)),
    mask: async (_: unknown, frame: number) => settled.get(frame) ?? tracked.get(frame),
    tracked: async (_: unknown, frame: number) => tracked.get(frame),
  };
  const clicks = async (session: typeof first) => {
    const found: { mask: SoftMask; ms: number }[] = [];
    for (const frame of [frames - 2, frames - 3, frames - 4]) {
      const prompts = [{ kind: 'point', at: sourcePoint(120 + 4 * frame, 130), positive: true } as const];
      const { value, ms } = await timed(clock, () => session.segment(frameIndex(frame), [{ object, prompts }]));
      found.push({ mask: value[0]!, ms });
      settled.set(frame, value[0]!);
    }
    await session.close();
    return found;
  };
  const inSession = await clicks(first);
  for (const [who, known] of [
    ['told what was tracked', past],
    ['told nothing', undefined],
  ] as const) {
    settled.clear();
    settled.set(0, mask);
    const found = await clicks(await engine({}).open(source(), known));
    const alike = found.map((f, i) => regionJ(f.mask, inSession[i]!.mask).toFixed(3));
    const times = found.map((f) => f.ms.toFixed(0));
    console.log(
      `a session opened anew, ${who}: IoU with the one that tracked ${alike.join(', ')}; clicks ${times.join(', ')} ms`,
    );
  }
  console.log(`  in the session that tracked ${inSession.map((f) => f.ms.toFixed(0)).join(', ')} ms`);
}

try {
  console.log(`${config.name}, ${frames} frames of ${SIZE.width}x${SIZE.height}, ${count} objects, one thread`);
  await precisions();
  await corrections(0);
  await corrections(10e9);
  await anew();
} finally {
  await file.remove();
}
