import type { Inference, Tensor } from '@rotokit/core/ports';
import { objectId } from '@rotokit/core/values';
import { weightsOf } from '@rotokit/graph';
import { fastGraph, PARTS, randomTensor, type VideoModelConfig } from '@rotokit/models';
import {
  type Answer,
  FeatureStore,
  recentFeatures,
  type Said,
  sam2Policy,
  VideoModel,
  VideoTracker,
} from '@rotokit/neural';
import { f32, load, type RandomFile } from './networks.js';

/** One step of the made-up scene: a frame, the direction, and what is said with it. */
export interface Step {
  readonly frame: number;
  readonly reverse: boolean;
  readonly said: ReadonlyMap<string, Said>;
}

/** Opens all graphs of a model, rewritten, over a weights file. */
export async function openAll(ort: Inference, config: VideoModelConfig, file: RandomFile): Promise<VideoModel> {
  const index = weightsOf(file.header);
  const networks = await Promise.all(
    PARTS.map(async (p) => [p, await load(ort, fastGraph(p, config, index), file)] as const),
  );
  return new VideoModel(config, Object.fromEntries(networks) as ConstructorParameters<typeof VideoModel>[1]);
}

/** The product's own tracker over the made-up scene, with the rules of transformers; the answers of its first `objects`, step by step. */
export async function* trackScene(
  model: VideoModel,
  frames = SCENE_FRAMES,
  objects = 3,
): AsyncGenerator<readonly Answer[]> {
  const { imageSize } = model.config;
  const features = new FeatureStore(model, recentFeatures(2 * model.featureBytes), 'scene');
  const options = { frames, policy: sam2Policy(), behaviour: 'transformers', trail: Number.POSITIVE_INFINITY } as const;
  const tracker = new VideoTracker(model, features, options);
  for (const { frame, reverse, said } of sceneSteps(imageSize, frames, !model.config.memory.perceiver)) {
    const followed = [...said].filter(([name]) => Number(name) <= objects);
    const words = new Map(followed.map(([name, what]) => [objectId(name), what]));
    for (const object of words.keys()) if (!tracker.objects.includes(object)) tracker.add(object);
    const picture = () => sceneFrame(frame, imageSize).data;
    yield await tracker.track({ frame, step: reverse ? -1 : 1, picture }, words);
  }
}

/**
 * Random weights answer nearly one score for everything. Taken off its bias, these leave some answers on either side of 0, so that
 * objects are hidden now and then. The same numbers as in video.py.
 */
export const HIDE: Readonly<Record<string, number>> = {
  'mini-sam2.1-hiera-tiny': 0.125,
  'mini-edgetam': 0.309,
  'sam2.1-hiera-tiny': -0.12,
  edgetam: -0.44,
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

/** 0 and 1 of a disc on the input's grid. */
function disc(size: number, cx: number, cy: number, radius: number): Float32Array {
  const mask = new Float32Array(size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) mask[y * size + x] = (x - cx) ** 2 + (y - cy) ** 2 < radius ** 2 ? 1 : 0;
  return mask;
}

/**
 * Three objects: a click and a box on frame 0, a mask on frame 4; forward to the last of `frames`, a correction of the first object at three
 * fifths and forward again from there, then back from the correction. As in video.py. Without `masks` the third object is clicked: the
 * reference's EdgeTAM cannot answer a mask and a click on one frame.
 */
export function sceneSteps(size: number, frames = SCENE_FRAMES, masks = true): Step[] {
  const at = (frame: number, x: number, y: number, label: number) =>
    [Math.round(size * (x + frame / 60)), Math.round(size * (y + frame / 150)), label] as const;
  const place = (x: number, y: number, label: number) => [Math.round(size * x), Math.round(size * y), label] as const;
  const nothing = new Map<string, Said>();
  const plain = (frame: number, reverse = false): Step => ({ frame, reverse, said: nothing });
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const corrected = Math.floor((frames * 3) / 5);
  const box = [place(0.55, 0.55, 2), place(0.9, 0.85, 3)];
  const given: Said = { kind: 'mask', mask: disc(size, size * 0.7, size * 0.3, size * 0.12) };
  const said = new Map<number, ReadonlyMap<string, Said>>([
    [
      0,
      new Map<string, Said>([
        ['1', { kind: 'clicks', clicks: [at(0, 0.25, 0.4, 1)] }],
        ['2', { kind: 'clicks', clicks: box }],
      ]),
    ],
    [4, new Map([['3', masks ? given : { kind: 'clicks', clicks: [at(4, 0.6, 0.3, 1)] }]])],
  ]);
  const correction: Said = { kind: 'clicks', clicks: [at(corrected, 0.27, 0.42, 1), at(corrected, 0.05, 0.42, 0)] };
  return [
    ...range(0, frames).map((frame): Step => ({ frame, reverse: false, said: said.get(frame) ?? nothing })),
    { frame: corrected, reverse: false, said: new Map([['1', correction]]) },
    ...range(corrected + 1, frames).map((t) => plain(t)),
    ...range(1, corrected)
      .reverse()
      .map((t) => plain(t, true)),
  ];
}
