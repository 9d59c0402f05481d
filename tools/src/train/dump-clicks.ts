import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  CLICK_MAP,
  CLICK_MAP_COUNT,
  type ClickNetwork,
  type ClickRound,
  createFlowService,
  createPrompter,
  type FlowService,
  type GridPrompt,
  halvePlane,
  halveRgb,
  labFromRgb,
  loadFusionNetwork,
  type PromptScene,
} from '@rotokit/embedded/training';
import { type Assets, inventScene, type Random, random, renderScene } from '../scenes/index.js';
import { looseBox, nextPrompt } from './simulated-user.js';

/** Training data for the click network: simulated users at work on single frames of invented scenes. */
export interface ClickDump {
  /** Folder of the result: `NAME.i8` (planes) and `NAME.json` (what they are). */
  readonly out: string;
  readonly name: string;
  /** Scenes to try, seeds from `seed` on. Their levels go round from 1 to 4. */
  readonly seed: number;
  readonly count: number;
  readonly assets: Assets;
  /** Weights whose answers the users correct; the hand-set network where there are none yet. */
  readonly network?: Uint8Array;
  readonly signal?: AbortSignal;
}

/** What a dump says about itself. Planes are bytes, value * `scale`: the maps in order, then the truth (0..1). */
export interface ClickDumpIndex {
  readonly maps: number;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  /** The scene of each sample, in the order of the planes. */
  readonly scenes: readonly number[];
}

const SIZE = { width: 854, height: 480 } as const;
const HALF = { width: SIZE.width >> 1, height: SIZE.height >> 1 } as const;
const SCALE = 40;
const FRAMES = 24;
/** Objects that cover less or more half-grid pixels are left out. */
const LEAST_AREA = 150;
const MOST_AREA = 0.55 * HALF.width * HALF.height;

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

/** A frame with its neighbour and truth, on the half grid. */
interface Case {
  readonly lab: Float32Array;
  readonly flow: { readonly u: Float32Array; readonly v: Float32Array };
  readonly truth: { readonly values: Uint8Array; readonly width: number; readonly height: number };
  /** The truth of the quarter grid, 0..1. */
  readonly soft: Float32Array;
}

async function caseOf(seed: number, assets: Assets, flow: FlowService, r: Random): Promise<Case | null> {
  const counts = { photos: assets.photos.length, footage: assets.footage.length, performers: assets.performers.length };
  const level = ((seed % 4) + 1) as 1 | 2 | 3 | 4;
  const scene = inventScene(seed, { ...SIZE, frames: FRAMES, level, assets: counts });
  const at = r.int(1, FRAMES - 2);
  const pictures: Uint8Array[] = [];
  let mask = new Float32Array(0);
  for await (const frame of renderScene(scene, assets, [at, at + 1])) {
    pictures.push(frame.rgb.slice());
    if (pictures.length === 1) mask = halvePlane(frame.masks[0], SIZE.width, SIZE.height).map((v) => v / 255);
  }
  const values = Uint8Array.from(mask, (v) => (v > 0.5 ? 1 : 0));
  const area = values.reduce((sum, v) => sum + v, 0);
  if (area < LEAST_AREA || area > MOST_AREA) return null;
  const [a, b] = pictures.map((rgb, i) => ({ index: seed * FRAMES + at + i, ...SIZE, rgb }));
  const lab = labFromRgb(halveRgb(pictures[0], SIZE.width, SIZE.height));
  const soft = halvePlane(mask, HALF.width, HALF.height);
  return { lab, flow: (await flow.pair(a, b)).forward, truth: { values, ...HALF }, soft };
}

/** One user's work on one frame: prompts until `most` or until the answer is right. */
interface Interaction {
  readonly scene: PromptScene;
  readonly box: boolean;
  readonly most: number;
}

/** Lets a user work; `segment` answers and records. */
function interact(
  i: Interaction,
  truth: Case['truth'],
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

/** Gathers the maps of every round of every user into files. Yields after each scene with the samples so far. */
export async function* dumpClicks(o: ClickDump): AsyncGenerator<{ readonly scene: number; readonly samples: number }> {
  mkdirSync(o.out, { recursive: true });
  const file = createWriteStream(path.join(o.out, `${o.name}.i8`));
  const network = o.network ? loadFusionNetwork(o.network) : handClickNetwork;
  const flow = createFlowService({ threads: 0, profile: 'full', cacheBytes: 1 });
  const scenes: number[] = [];
  let soft: Float32Array = new Float32Array(0);
  let seed = o.seed;
  const record = ({ maps }: ClickRound): void => {
    const planes = new Int8Array(maps.length + soft.length);
    const limit = (v: number): number => Math.max(-127, Math.min(127, Math.round(v * SCALE)));
    for (let k = 0; k < maps.length; k++) planes[k] = limit(maps[k]);
    for (let k = 0; k < soft.length; k++) planes[maps.length + k] = limit(soft[k]);
    file.write(planes);
    scenes.push(seed);
  };
  const prompter = createPrompter({ network, observe: record });
  try {
    for (; seed < o.seed + o.count; seed++) {
      o.signal?.throwIfAborted();
      const r = random(seed * 31 + 7);
      const found = await caseOf(seed, o.assets, flow, r);
      if (!found) continue;
      soft = found.soft;
      const moving = prompter.scene({ ...HALF, lab: found.lab, flow: found.flow });
      const still = prompter.scene({ ...HALF, lab: found.lab, flow: null });
      interact({ scene: moving, box: false, most: 4 }, found.truth, r, prompter.segment);
      interact({ scene: moving, box: r.chance(0.6), most: 3 }, found.truth, r, prompter.segment);
      interact({ scene: still, box: r.chance(0.3), most: 2 }, found.truth, r, prompter.segment);
      if (file.writableNeedDrain) await new Promise<void>((done) => file.once('drain', () => done()));
      yield { scene: seed, samples: scenes.length };
    }
  } finally {
    await flow.close();
    await new Promise<void>((done) => file.end(() => done()));
    const [width, height] = [HALF.width >> 1, HALF.height >> 1];
    const index: ClickDumpIndex = { maps: CLICK_MAP_COUNT, width, height, scale: SCALE, scenes };
    writeFileSync(path.join(o.out, `${o.name}.json`), JSON.stringify(index));
  }
}

/** Reads weights for `ClickDump.network`. */
export const readWeights = (file: string): Uint8Array => new Uint8Array(readFileSync(file));
