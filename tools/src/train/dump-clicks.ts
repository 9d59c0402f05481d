import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  CLICK_MAP,
  CLICK_MAP_COUNT,
  type ClickNetwork,
  type ClickRound,
  createFlowService,
  createPrompter,
  type GridPrompt,
  loadFusionNetwork,
  type PromptScene,
} from '@rotokit/embedded/training';
import { type Assets, type Random, random } from '../scenes/index.js';
import { type ClickCase, clickCase, HALF } from './click-case.js';
import type { Sample } from './observe.js';
import { writeSamples } from './sample-files.js';
import { looseBox, nextPrompt } from './simulated-user.js';

/** Training data for the click network: simulated users at work on single frames of invented scenes. */
export interface ClickDump {
  /** Folder of the result, in the format of `writeSamples`: one listing a scene. Scenes already there are passed over. */
  readonly out: string;
  /** Scenes to try, seeds from `seed` on. Their levels go round from 1 to 4. */
  readonly seed: number;
  readonly count: number;
  readonly assets: Assets;
  /** Weights whose answers the users correct; the hand-set network where there are none yet. */
  readonly network?: Uint8Array;
  readonly signal?: AbortSignal;
}

/** Samples are windows of the quarter grid: wider than training crops, which are cut out of them. */
const WINDOW = { width: 144, height: 112 } as const;
const SCALE = 4096;

/** The hand-set weights with which the first round is gathered. */
export const handClickNetwork: ClickNetwork = {
  inputs: CLICK_MAP_COUNT,
  run(maps, width, height) {
    const n = width * height;
    const out = new Float32Array(n);
    for (const [map, weight] of [
      [CLICK_MAP.colour, 1.2],
      [CLICK_MAP.motionWalk, 1.2],
      [CLICK_MAP.motion, 0.7],
      [CLICK_MAP.way, 0.4],
    ])
      for (let k = 0; k < n; k++) out[k] += weight * maps[map * n + k];
    return out;
  },
};

/** One user's work on one frame: prompts until `most` or until the answer is right. */
interface Interaction {
  readonly scene: PromptScene;
  readonly box: boolean;
  readonly most: number;
}

/** Lets a user work; `segment` answers and records. */
function interact(
  i: Interaction,
  truth: ClickCase['truth'],
  r: Random,
  segment: (scene: PromptScene, prompts: readonly GridPrompt[], before?: Float32Array) => ReturnType<Segment>,
): void {
  const hand = { share: r.chance(0.35) ? 1 : r.range(0.25, 0.9), strokes: 0.12 };
  const prompts: GridPrompt[] = [];
  let answer = { mask: new Uint8Array(truth.values.length), probability: undefined as Float32Array | undefined };
  while (prompts.length < i.most) {
    const boxed = i.box && prompts.length === 0;
    const prompt = boxed ? looseBox(truth, 0.08, r) : nextPrompt(answer.mask, truth, hand, r);
    if (!prompt) return;
    prompts.push(prompt);
    const next = segment(i.scene, prompts, answer.probability);
    answer = { mask: next.mask.slice(), probability: next.probability };
  }
}

type Segment = ReturnType<typeof createPrompter>['segment'];

/** A window of the quarter grid around a pixel of the object (mostly), so that training sees the object and what is near. */
function windowOf(soft: Float32Array, width: number, height: number, r: Random) {
  const w = Math.min(WINDOW.width, width);
  const h = Math.min(WINDOW.height, height);
  let k = r.int(0, soft.length);
  for (let tries = 0; tries < 4000 && soft[k] < 0.5; tries++) k = r.int(0, soft.length);
  const place = (at: number, side: number, whole: number): number =>
    Math.max(0, Math.min(whole - side, Math.round(at - side * r.range(0.2, 0.8))));
  return { left: place(k % width, w, width), top: place(Math.floor(k / width), h, height), w, h };
}

/** Copies a window of the maps, and the truth behind it, out of the prompter's buffers. */
function takeSample({ maps, width, height }: ClickRound, soft: Float32Array, frame: number, r: Random): Sample {
  const { left, top, w, h } = windowOf(soft, width, height, r);
  const planes = new Int16Array((CLICK_MAP_COUNT + 1) * w * h);
  const limit = (v: number): number => Math.max(-32767, Math.min(32767, Math.round(v * SCALE)));
  let at = 0;
  for (let map = 0; map <= CLICK_MAP_COUNT; map++) {
    const plane = map < CLICK_MAP_COUNT ? maps.subarray(map * soft.length, (map + 1) * soft.length) : soft;
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++, at++) planes[at] = limit(plane[(top + y) * width + left + x]);
  }
  return { frame, width: w, height: h, planes };
}

/** Gathers the maps of every round of every user into files. Yields the samples of each scene. */
export async function* dumpClicks(o: ClickDump): AsyncGenerator<{ readonly scene: number; readonly samples: number }> {
  const network = o.network ? loadFusionNetwork(o.network) : handClickNetwork;
  const flow = createFlowService({ threads: 0, profile: 'full', cacheBytes: 1 });
  try {
    for (let seed = o.seed; seed < o.seed + o.count; seed++) {
      o.signal?.throwIfAborted();
      if (existsSync(path.join(o.out, `scene-${seed}.json`))) continue;
      const r = random(seed * 31 + 7);
      const found = await clickCase(seed, o.assets, flow, r);
      if (!found) continue;
      const samples: Sample[] = [];
      const observe = (round: ClickRound): void => {
        samples.push(takeSample(round, found.soft, samples.length, r));
      };
      const { still: picture, scene, segment } = createPrompter({ network, observe });
      const seen = picture({ ...HALF, lab: found.lab });
      const moving = scene(seen, found.flow);
      const still = scene(seen, null);
      interact({ scene: moving, box: false, most: 3 }, found.truth, r, segment);
      interact({ scene: moving, box: r.chance(0.6), most: 2 }, found.truth, r, segment);
      interact({ scene: still, box: r.chance(0.3), most: r.int(1, 3) }, found.truth, r, segment);
      await writeSamples(o.out, `scene-${seed}`, samples);
      yield { scene: seed, samples: samples.length };
    }
  } finally {
    await flow.close();
  }
}
