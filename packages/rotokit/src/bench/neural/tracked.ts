import type { Network, Tensor, Tensors } from '@rotokit/core/ports';
import { gridOf, type Part, randomTensor, sam2Choice, tokensPerFrame, type VideoModelConfig } from '@rotokit/models';
import { bankTimes, floats, pointersBeside, prompt } from './inputs.js';
import type { Result } from './wire.js';

type Networks = Readonly<Record<Exclude<Part, 'mask'>, Network>>;

const CELLS = 32;

/** A made-up picture for frame `t`: a disc of one texture wanders over another. Normalised, [1, 3, side, side]. */
export function madeUpFrame(t: number, side: number): Tensor<'float32'> {
  const [ground, thing] = ['ground', 'object'].map((name) => randomTensor(`input.${name}`, [3, CELLS, CELLS]));
  const [cx, cy, radius] = [side * (0.3 + t / 60), side * (0.4 + t / 150), side * 0.2];
  const data = new Float32Array(3 * side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const texture = (x - cx) ** 2 + (y - cy) ** 2 < radius ** 2 ? thing! : ground!;
      const cell = Math.floor((y * CELLS) / side) * CELLS + Math.floor((x * CELLS) / side);
      for (let c = 0; c < 3; c++) data[(c * side + y) * side + x] = texture[c * CELLS * CELLS + cell]!;
    }
  return floats(data, 1, 3, side, side);
}

const base64 = (values: Float32Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

/**
 * One object followed through the made-up pictures with a bank of at most `frames`: a click on the first, each later frame from
 * what is remembered. The object counts as present throughout: with random weights nothing else says so.
 */
export class TrackedFrames {
  readonly #networks: Networks;
  readonly #config: VideoModelConfig;
  readonly #frames: number;
  readonly #memories: Float32Array[] = [];
  readonly #pointers: Float32Array[] = [];
  #time = 0;
  #last: Result | undefined;

  constructor(networks: Networks, config: VideoModelConfig, frames: number) {
    this.#networks = networks;
    this.#config = config;
    this.#frames = frames;
  }

  /** The last frame's result. @throws Error before the first. */
  get result(): Result {
    if (!this.#last) throw new Error('no frame has been tracked yet');
    return this.#last;
  }

  /** The next frame from its picture to its memory. */
  async next(image: Tensor<'float32'> = madeUpFrame(this.#time, this.#config.imageSize)): Promise<void> {
    const c = this.#config;
    const first = this.#time === 0;
    const picture = await this.#networks.encode.run({ image });
    const features = first ? picture.features! : await this.#attend(picture.features!);
    const told = prompt(c, first ? [0.3 * c.imageSize, 0.4 * c.imageSize] : undefined);
    const out = await this.#networks.decode.run({ features, s1: picture.s1!, s0: picture.s0!, ...told });
    const side = 4 * gridOf(c);
    const [masks, ious] = [out.masks!.data as Float32Array, out.ious!.data as Float32Array];
    const { mask, pointer } = sam2Choice({ masks, ious, objectScore: 1 }, true);
    const chosen = masks.slice(mask * side * side, (mask + 1) * side * side);
    const memory = await this.#memorise(picture.features!, floats(chosen, 1, 1, side, side), first);
    this.#remember(memory, (out.pointers!.data as Float32Array).slice(pointer * c.hidden, (pointer + 1) * c.hidden));
    this.#last = { features: base64(features.data as Float32Array), mask: base64(chosen), side };
    this.#time++;
  }

  async #memorise(features: Tensor, mask: Tensor, prompted: boolean): Promise<Float32Array> {
    const [one, zero] = [floats(Float32Array.of(1), 1), floats(Float32Array.of(0), 1)];
    const inputs: Tensors = { features, mask, prompted: prompted ? one : zero, object_score: one };
    return (await this.#networks.memorise.run(inputs)).memory!.data as Float32Array;
  }

  /** The prompted frame stays, the others move on. */
  #remember(memory: Float32Array, pointer: Float32Array): void {
    this.#memories.push(memory);
    this.#pointers.push(pointer);
    if (this.#memories.length > this.#frames) this.#memories.splice(1, 1);
    if (this.#pointers.length > pointersBeside(this.#frames)) this.#pointers.splice(1, 1);
  }

  async #attend(features: Tensor): Promise<Tensor> {
    const c = this.#config;
    const [n, p] = [this.#memories.length, this.#pointers.length];
    const { oriented } = await this.#networks.orient.run({ features });
    const distances = Float32Array.from({ length: p }, (_, i) => (i === 0 ? Math.min(15, this.#time) : p - i) / 15);
    const { conditioned } = await this.#networks.attend.run({
      oriented: oriented!,
      memory: floats(joined(this.#memories), n, tokensPerFrame(c), c.memory.channels),
      memory_times: bankTimes(n, c.memory.slots),
      pointers: floats(joined(this.#pointers), p, c.hidden),
      pointer_times: floats(distances, p),
    });
    return conditioned!;
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => {
    all.set(p, at);
    return at + p.length;
  }, 0);
  return all;
}
