/**
 * What following five objects costs in memory, and what sessions leave behind: `npx tsx bench/neural-memory.ts`.
 *
 * A miniature with random weights (the smallest input there is) walks through 200 and through 2,000 frames, each in a process of its own; then a
 * hundred sessions are opened, used and closed in one. Peak and last resident memory in MB. Also what a second click costs beside the first.
 * With --limit the session keeps to a budget of so many MB as the product does: it asks before work starts, memory is looked at every second,
 * features and memories give way. --bank 0 forces every memory but the one in use onto disk.
 * Options: FRAMES... [--policy NAME] [--objects 1-5] [--sessions N] [--limit MB] [--bank MB] [--precision float32|float16|bfloat16]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scriptedSource } from '@rotokit/core/fakes';
import { FeatureCache, type Precision, resolveHardware, timed } from '@rotokit/core/resources';
import { frameIndex, maskFromPlane, objectId, SRGB, size, sourcePoint } from '@rotokit/core/values';
import type { VideoModelConfig } from '@rotokit/models';
import { heldBytes, memoryPolicy, neuralEngine, TRAIL } from '@rotokit/neural';
import { openNodeInference } from '@rotokit/ort/node';
import { fileScratch, machineFacts, processBudget, watchMemory } from 'rotokit/resources';
import { CONFIGS } from '../tools/src/parity/configs.js';
import { randomFile } from '../tools/src/parity/networks.js';

const SIZE = size(160, 96);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    policy: { type: 'string', default: 'sam2' },
    sessions: { type: 'string' },
    objects: { type: 'string', default: '5' },
    limit: { type: 'string' },
    bank: { type: 'string' },
    precision: { type: 'string', default: 'float32' },
    child: { type: 'boolean' },
  },
});

const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
const clock = () => performance.now();
const resident = () => megabytes(process.memoryUsage().rss);
const peak = () => Math.round(process.resourceUsage().maxRSS / 1024);

/** Noise that drifts, so that no two frames are the same. */
const source = (frames: number) =>
  scriptedSource({
    frames,
    picture: (t) => {
      const samples = new Uint8Array(SIZE.width * SIZE.height * 3);
      for (let i = 0; i < samples.length; i++) samples[i] = (Math.imul(i + 31 * t, 0x9e3779b1) >>> 24) & 255;
      return { format: 'rgb8' as const, ...SIZE, samples, colour: SRGB };
    },
  });

const square = (at: number) => {
  const plane = new Uint16Array(SIZE.width * SIZE.height);
  for (let y = 20; y < 60; y++) for (let x = 0; x < 28; x++) plane[y * SIZE.width + 4 + 30 * at + x] = 65535;
  return maskFromPlane(SIZE, plane);
};

const objects = Array.from({ length: Number(values.objects) }, (_, i) => ({
  object: objectId(`o${i}`),
  mask: square(i),
  priority: i,
}));
const walk = (to: number) => ({ from: frameIndex(0), to: frameIndex(to), objects, overlap: 'exclusive' }) as const;

const precision = values.precision as Precision;
/** What a session keeps within a limit, and what became of its memories. */
function limited(config: VideoModelConfig, limit: number) {
  const { settings } = resolveHardware('laptop', machineFacts(), { memoryLimit: limit });
  const bank = values.bank === undefined ? settings.bank : Number(values.bank) * 1e6;
  const budget = processBudget(limit, settings.thresholds);
  const moved = { out: 0, back: 0, ms: 0 };
  const disk = fileScratch();
  const back = async (work: () => Promise<Uint8Array>) => {
    const { value, ms } = await timed(clock, work);
    moved.ms += ms;
    moved.back++;
    return value;
  };
  const scratch: typeof disk = {
    ...disk,
    async put(key, bytes) {
      moved.ms += (await timed(clock, () => disk.put(key, bytes))).ms;
      moved.out++;
    },
    take: (key) => back(() => disk.take(key)),
    read: (key) => back(() => disk.read(key)),
  };
  const features = new FeatureCache({ bytes: settings.features, budget });
  const storage = () => ({ features, memories: { bytes: bank, scratch, budget }, close: () => features.close() });
  const trail = TRAIL;
  const need = 100e6 + heldBytes(config, { objects: objects.length, trail, precision, bank });
  return { storage, budget, need, moved };
}

async function child(): Promise<void> {
  const config = { ...CONFIGS['mini-edgetam']!, imageSize: 64 };
  const file = await randomFile(config);
  const kept = values.limit === undefined ? undefined : limited(config, Number(values.limit) * 1e6);
  const engine = neuralEngine({
    ...{ name: 'miniature', config, weights: { header: file.header, file: { path: file.path }, digest: 'random' } },
    inference: () => openNodeInference({ threads: 1 }),
    policy: memoryPolicy(values.policy),
    precision,
    ...(kept ? { storage: kept.storage } : {}),
  });
  try {
    if (kept) {
      await kept.budget.claim(`${objects.length} objects`, kept.need);
      watchMemory(kept.budget);
    }
    if (values.sessions) {
      const seen: number[] = [];
      for (let i = 0; i < Number(values.sessions); i++) {
        const session = await engine.open(source(4));
        for await (const _ of session.propagate(walk(3))) if (i % 2) break;
        await session.close();
        if ([9, 24, 49, 99, 199].includes(i)) seen.push(resident());
      }
      console.log(`resident after 10, 25, 50, 100 ... sessions: ${seen.join(', ')} MB`);
      return;
    }
    const frames = Number(positionals[0]);
    const session = await engine.open(source(frames));
    const since = performance.now();
    for await (const _ of session.propagate(walk(frames - 1)));
    const ms = (performance.now() - since) / (frames - 1);
    const [after, most] = [resident(), peak()];
    const click = async (x: number, at: number) => {
      const began = performance.now();
      const prompts = [{ kind: 'point', at: sourcePoint(x, 40), positive: true } as const];
      await session.segment(frameIndex(at), [{ object: objectId('new'), prompts }]);
      return performance.now() - began;
    };
    const clicks = [await click(20, 1), await click(60, 1)].map((v) => v.toFixed(1));
    console.log(
      `${frames} frames: ${most} MB at most, ${after} MB at the end, ${ms.toFixed(1)} ms a frame; a click ${clicks[0]} ms, another on the frame ${clicks[1]} ms`,
    );
    if (kept) {
      const { out, back, ms: all } = kept.moved;
      const each = out + back ? ` (${(all / (out + back)).toFixed(2)} ms each)` : '';
      console.log(
        `  limit ${values.limit} MB, asked for ${megabytes(kept.need)} MB beside what was there; memories to disk ${out} times, back ${back}${each}`,
      );
    }
    await session.close();
  } finally {
    await file.remove();
  }
}

if (values.child) await child();
else {
  const runs = positionals.length ? positionals : ['200', '2000'];
  const more = values.sessions
    ? [['--sessions', values.sessions]]
    : runs.map((frames) => [frames, '--policy', values.policy, '--objects', values.objects]);
  const others = (['limit', 'bank', 'precision'] as const).flatMap((k) => (values[k] ? [`--${k}`, values[k]] : []));
  for (const args of more)
    spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), '--child', ...args, ...others], {
      stdio: 'inherit',
    });
}
