import type { Inference, Network, Tensor, Tensors } from '@rotokit/core/ports';
import { weightsOf } from '@rotokit/graph';
import {
  ABSENT_LOGIT,
  fastGraph,
  gridOf,
  isAmbiguous,
  type Part,
  randomTensor,
  sam2Choice,
  timeRow,
  tokensPerFrame,
  type VideoModelConfig,
} from '@rotokit/models';
import { f32, i64, load, type RandomFile } from './networks.js';

/** Clicks on a frame, in pixels of the model's input: x, y, and 1 inside or 0 outside. */
export type Clicks = readonly (readonly [x: number, y: number, label: number])[];

/** One step of a session: a frame, the direction, and what a person said on it. */
export interface Step {
  readonly frame: number;
  readonly reverse: boolean;
  readonly clicks: Clicks;
}

/** What a step answers: logits at a quarter of the input's side, and the logit of the object's presence. */
export interface Tracked {
  readonly mask: Float32Array;
  readonly score: number;
}

interface Remembered {
  readonly memory: Float32Array;
  readonly pointer: Float32Array;
}

/** Pointers of frames that nobody prompted, at most, counting the present frame. */
const MOST_POINTERS = 16;

/**
 * The reference's session in the fewest lines, for comparing recurrent tracking with it: one object, every rule of choice, bank and
 * pointers as transformers has them. The product's own sessions are another matter.
 */
export class ReferenceSession {
  readonly #networks: Readonly<Record<Part, Network>>;
  readonly #config: VideoModelConfig;
  readonly #frames: number;
  readonly #prompted = new Map<number, Remembered>();
  readonly #tracked = new Map<number, Remembered>();
  readonly #seen = new Set<number>();

  constructor(networks: Readonly<Record<Part, Network>>, config: VideoModelConfig, frames: number) {
    this.#networks = networks;
    this.#config = config;
    this.#frames = frames;
  }

  async step(step: Step, image: Tensor<'float32'>): Promise<Tracked> {
    const { frame, clicks } = step;
    const first = clicks.length > 0 && !this.#seen.has(frame);
    const picture = await this.#networks.encode.run({ image });
    const features = first ? picture.features! : await this.#attend(step, picture.features!);
    const decoded = await this.#decode(features, picture, clicks, first);
    const prompted = clicks.length > 0;
    const { memory } = await this.#networks.memorise.run({
      features: picture.features!,
      mask: f32(decoded.mask, [1, 1, 4 * gridOf(this.#config), 4 * gridOf(this.#config)]),
      prompted: f32(Float32Array.of(prompted ? 1 : 0), [1]),
      object_score: f32(Float32Array.of(decoded.score), [1]),
    });
    (first ? this.#prompted : this.#tracked).set(frame, {
      memory: memory!.data as Float32Array,
      pointer: decoded.pointer,
    });
    if (!first) this.#seen.add(frame);
    return decoded;
  }

  async #decode(features: Tensor, picture: Tensors, clicks: Clicks, first: boolean) {
    const side = 4 * gridOf(this.#config);
    const points = clicks.length > 0 ? clicks : [[0, 0, -1] as const];
    const out = await this.#networks.decode.run({
      features,
      s1: picture.s1!,
      s0: picture.s0!,
      points: f32(Float32Array.from(points.flatMap(([x, y]) => [x, y])), [points.length, 2]),
      labels: i64(...points.map((p) => p[2])),
      mask_prompt: f32(new Float32Array(side * side), [1, 1, side, side]),
      mask_given: f32(new Float32Array(1), [1]),
      first: f32(Float32Array.of(first ? 1 : 0), [1]),
    });
    const masks = out.masks!.data as Float32Array;
    const score = (out.object_score!.data as Float32Array)[0]!;
    const choice = sam2Choice(
      { masks, ious: out.ious!.data as Float32Array, objectScore: score },
      isAmbiguous(clicks.length),
    );
    const n = side * side;
    const width = this.#config.hidden;
    const pointers = out.pointers!.data as Float32Array;
    return {
      score,
      mask: choice.present
        ? masks.slice(choice.mask * n, (choice.mask + 1) * n)
        : new Float32Array(n).fill(ABSENT_LOGIT),
      pointer: choice.present
        ? pointers.slice(choice.pointer * width, (choice.pointer + 1) * width)
        : (out.absent_pointer!.data as Float32Array),
    };
  }

  async #attend({ frame, reverse }: Step, features: Tensor): Promise<Tensor> {
    const c = this.#config;
    const sign = reverse ? -1 : 1;
    const frames = [...this.#prompted.values()].map((r) => ({ r, row: timeRow(0, true, c.memory.slots) }));
    for (let d = c.memory.slots - 1; d >= 1; d--) {
      const r = this.#tracked.get(frame - sign * d);
      if (r) frames.push({ r, row: timeRow(d, false, c.memory.slots) });
    }
    const most = Math.min(this.#frames, MOST_POINTERS);
    const pointers = [...this.#prompted]
      .map(([t, r]) => ({ r, distance: sign * (frame - t) }))
      .filter(({ distance }) => distance >= 0);
    for (let d = 1; d < most; d++) {
      const r = this.#tracked.get(frame - sign * d);
      if (r) pointers.push({ r, distance: d });
    }
    const rows = (parts: readonly Float32Array[]) => {
      const all = new Float32Array(parts.reduce((n, p) => n + p.length, 0));
      parts.reduce((at, p) => (all.set(p, at), at + p.length), 0);
      return all;
    };
    const { oriented } = await this.#networks.orient.run({ features });
    const { conditioned } = await this.#networks.attend.run({
      oriented: oriented!,
      memory: f32(rows(frames.map((f) => f.r.memory)), [frames.length, tokensPerFrame(c), c.memory.channels]),
      memory_times: i64(...frames.map((f) => f.row)),
      pointers: f32(rows(pointers.map((p) => p.r.pointer)), [pointers.length, c.hidden]),
      pointer_times: f32(
        Float32Array.from(pointers, (p) => p.distance / (most - 1)),
        [pointers.length],
      ),
    });
    return conditioned!;
  }
}

/** Opens all graphs of a model, rewritten, over a weights file. */
export async function openAll(
  ort: Inference,
  config: VideoModelConfig,
  file: RandomFile,
): Promise<Record<Part, Network>> {
  const index = weightsOf(file.header);
  const parts = ['encode', 'orient', 'attend', 'decode', 'memorise', 'mask'] as const;
  const networks = await Promise.all(
    parts.map(async (p) => [p, await load(ort, fastGraph(p, config, index), file)] as const),
  );
  return Object.fromEntries(networks) as Record<Part, Network>;
}

/**
 * Random weights answer nearly one score for everything. Taken off its bias, these leave some frames on either side of 0, so that the
 * object is hidden now and then. The same numbers as in video.py.
 */
export const HIDE: Readonly<Record<string, number>> = {
  'mini-sam2.1-hiera-tiny': 0.125,
  'mini-edgetam': 0.2335,
  'sam2.1-hiera-tiny': -0.12,
  edgetam: -0.6,
};

/** The tensor that `HIDE` is taken off. */
export const SCORE_BIAS = 'mask_decoder.pred_obj_score_head.proj_out.bias';

/** Intersection over union of what lies above 0; 1 where both are empty. */
export function iou(a: Float32Array, inside: (pixel: number) => boolean): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [p, q] = [a[i]! > 0, inside(i)];
    if (p && q) both++;
    if (p || q) either++;
  }
  return either > 0 ? both / either : 1;
}

/** Cells of the made-up scene along a side. */
const CELLS = 32;

/**
 * A made-up frame of 30, normalised [1, 3, size, size]: a disc of one texture crosses another and is hidden by a third on frames 12
 * to 15. Every number is one of the seeded textures', so that the reference sees the same bits.
 */
export function sceneFrame(frame: number, size: number): Tensor<'float32'> {
  const cell = size / CELLS;
  const textures = ['ground', 'object', 'screen'].map((name) => randomTensor(`input.${name}`, [3, CELLS, CELLS]));
  const [cx, cy, radius] = [size * (0.25 + frame / 60), size * (0.4 + frame / 150), size * 0.15];
  const data = new Float32Array(3 * size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const inside = (x - cx) ** 2 + (y - cy) ** 2 < radius ** 2;
      const texture = frame >= 12 && frame < 16 && x > size * 0.3 && x < size * 0.75 ? 2 : inside ? 1 : 0;
      for (let c = 0; c < 3; c++) {
        const at = (c * CELLS + Math.floor(y / cell)) * CELLS + Math.floor(x / cell);
        data[(c * size + y) * size + x] = textures[texture]![at]!;
      }
    }
  return f32(data, [1, 3, size, size]);
}

/** Frames of the made-up scene. */
export const SCENE_FRAMES = 30;

/**
 * A click on frame 0, forward to the last of `frames`, a correction at three fifths and forward again from there, then back from
 * the correction.
 */
export function sceneSteps(size: number, frames = SCENE_FRAMES): Step[] {
  const at = (frame: number, x: number, y: number, label: number) =>
    [Math.round(size * (x + frame / 60)), Math.round(size * (y + frame / 150)), label] as const;
  const plain = (frame: number, reverse = false): Step => ({ frame, reverse, clicks: [] });
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const corrected = Math.floor((frames * 3) / 5);
  return [
    { frame: 0, reverse: false, clicks: [at(0, 0.25, 0.4, 1)] },
    ...range(1, frames).map((t) => plain(t)),
    { frame: corrected, reverse: false, clicks: [at(corrected, 0.27, 0.42, 1), at(corrected, 0.05, 0.42, 0)] },
    ...range(corrected + 1, frames).map((t) => plain(t)),
    ...range(1, corrected)
      .reverse()
      .map((t) => plain(t, true)),
  ];
}
