import type { Network, Tensor, Tensors } from '@rotokit/core/ports';
import { gridOf, type Part, tokensPerFrame, type VideoModelConfig } from '@rotokit/models';

/** What the encoder makes of one picture, once for all objects. */
export interface PictureFeatures {
  readonly features: Tensor;
  readonly s1: Tensor;
  readonly s0: Tensor;
}

/** The remembered frames and pointers of one object as the graphs take them. */
export interface RecalledTensors {
  /** One memory behind the other, [frames, tokens of a frame, channels]. */
  readonly memory: Float32Array;
  readonly rows: readonly number[];
  /** [pointers, hidden]. */
  readonly pointers: Float32Array;
  /** Distances divided by the largest that is used. */
  readonly times: readonly number[];
}

/** What to decode. */
export interface DecodeTask extends PictureFeatures {
  /** x, y in pixels of the input, counted from pixel centres, and a label: see the graph. */
  readonly clicks: readonly (readonly [x: number, y: number, label: number])[];
  /** Logits at a quarter of the input's side, as a prompt. */
  readonly mask?: Float32Array;
  /** Prompted, and no memory is used. */
  readonly first: boolean;
}

/** All that the decoder offers. */
export interface Decoded {
  /** Four masks, one behind the other. */
  readonly masks: Float32Array;
  readonly ious: Float32Array;
  readonly pointers: Float32Array;
  readonly objectScore: number;
  readonly absentPointer: Float32Array;
}

const f32 = (data: Float32Array, shape: readonly number[]): Tensor<'float32'> => ({ type: 'float32', shape, data });
const i64 = (values: readonly number[]): Tensor<'int64'> => ({
  type: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});
const flag = (on: boolean) => f32(Float32Array.of(on ? 1 : 0), [1]);
const floats = (t: Tensor | undefined): Float32Array => (t as Tensor<'float32'>).data;

/** What the graphs take where nobody said anything: one point that is none. */
const NO_CLICK = [[0, 0, -1]] as const;

/** The six graphs of a model as functions. Tensors that only travel from one to the next stay tensors. */
export class VideoModel {
  readonly config: VideoModelConfig;
  readonly #networks: Readonly<Record<Part, Network>>;

  constructor(config: VideoModelConfig, networks: Readonly<Record<Part, Network>>) {
    this.config = config;
    this.#networks = networks;
  }

  /** Side of the mask logits. */
  get side(): number {
    return 4 * gridOf(this.config);
  }

  /** Bytes that the features of one picture take, the oriented ones included. */
  get featureBytes(): number {
    return gridOf(this.config) ** 2 * this.config.hidden * 4 * (1 + 1 + 2 + 1);
  }

  /** `image`: [3, size, size], normalised. */
  async encode(image: Float32Array): Promise<PictureFeatures> {
    const { imageSize } = this.config;
    const out = await this.#networks.encode.run({ image: f32(image, [1, 3, imageSize, imageSize]) });
    return { features: out.features!, s1: out.s1!, s0: out.s0! };
  }

  /** Features on their way to memory attention: once a picture, for all objects. */
  async orient(features: Tensor): Promise<Tensor> {
    return (await this.#networks.orient.run({ features })).oriented!;
  }

  /** The features as the past of one object lets them be seen. */
  async attend(oriented: Tensor, recalled: RecalledTensors): Promise<Tensor> {
    const { memory, hidden } = { memory: this.config.memory, hidden: this.config.hidden };
    const { rows, times } = recalled;
    const out = await this.#networks.attend.run({
      oriented,
      memory: f32(recalled.memory, [rows.length, tokensPerFrame(this.config), memory.channels]),
      memory_times: i64(rows),
      pointers: f32(recalled.pointers, [times.length, hidden]),
      pointer_times: f32(Float32Array.from(times), [times.length]),
    });
    return out.conditioned!;
  }

  /** The candidates for one object. */
  async decode(task: DecodeTask): Promise<Decoded> {
    const points = task.clicks.length > 0 ? task.clicks : NO_CLICK;
    const { side } = this;
    const out: Tensors = await this.#networks.decode.run({
      features: task.features,
      s1: task.s1,
      s0: task.s0,
      points: f32(Float32Array.from(points.flatMap((p) => p.slice(0, 2))), [points.length, 2]),
      labels: i64(points.map((p) => p[2])),
      mask_prompt: f32(task.mask ?? new Float32Array(side * side), [1, 1, side, side]),
      mask_given: flag(task.mask !== undefined),
      first: flag(task.first),
    });
    return {
      masks: floats(out.masks),
      ious: floats(out.ious),
      pointers: floats(out.pointers),
      objectScore: floats(out.object_score)[0]!,
      absentPointer: floats(out.absent_pointer),
    };
  }

  /** What is remembered of a frame. `mask`: square logits of any side; `hard`: a person prompted it. */
  async memorise(features: Tensor, mask: Float32Array, hard: boolean, objectScore: number): Promise<Float32Array> {
    const side = Math.sqrt(mask.length);
    const out = await this.#networks.memorise.run({
      features,
      mask: f32(mask, [1, 1, side, side]),
      prompted: flag(hard),
      object_score: f32(Float32Array.of(objectScore), [1]),
    });
    return floats(out.memory);
  }

  /** A given mask of 0 and 1, [size, size], as a prompt for the decoder. */
  async maskPrompt(mask: Float32Array): Promise<Float32Array> {
    const { imageSize } = this.config;
    return floats((await this.#networks.mask.run({ mask: f32(mask, [1, 1, imageSize, imageSize]) })).mask_prompt);
  }

  /** Closes all graphs; the first refusal is thrown after the others were closed too. */
  async close(): Promise<void> {
    const closed = await Promise.allSettled(Object.values(this.#networks).map((n) => n.close()));
    for (const c of closed) if (c.status === 'rejected') throw c.reason;
  }
}
