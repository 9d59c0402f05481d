import { type Precision, type ShelfStatistics, TensorShelf, type TensorShelfOptions } from '@rotokit/core/resources';
import { tokensPerFrame, type VideoModelConfig } from '@rotokit/models';

/** What stands for a spatial memory in a bank: its key on the shelf. */
export type KeptMemory = string & { readonly kept: true };

/** How many bytes of memories stay in memory, where the others wait, and who asks for them back. */
export type MemoriesOptions = Pick<TensorShelfOptions, 'bytes' | 'scratch' | 'budget'>;

/** How memories are kept when `wanted` is asked for: where the model itself rounds them to bfloat16, that loses nothing and nothing else gains by. */
export const keptPrecision = ({ memory }: VideoModelConfig, wanted: Precision): Precision =>
  memory.rounds && !memory.perceiver ? 'bfloat16' : wanted;

/** The spatial memories of a session, [tokens, channels] each, on one shelf: kept in a precision, on disk when memory is short. */
export class KeptMemories {
  readonly #shelf: TensorShelf;
  readonly #shape: readonly number[];
  #made = 0;

  /** Unless told otherwise nothing is lost and all of it stays in memory. */
  constructor(
    config: VideoModelConfig,
    options: MemoriesOptions = { bytes: Number.POSITIVE_INFINITY },
    wanted: Precision = 'float32',
  ) {
    this.#shelf = new TensorShelf({
      ...options,
      name: 'memories of objects',
      precision: keptPrecision(config, wanted),
    });
    this.#shape = [tokensPerFrame(config), config.memory.channels];
  }

  /** What is where. */
  get statistics(): ShelfStatistics {
    return this.#shelf.statistics;
  }

  /** @throws what the shelf throws when it finds no room. */
  async keep(data: Float32Array): Promise<KeptMemory> {
    const key = `${++this.#made}` as KeptMemory;
    await this.#shelf.put(key, { memory: { type: 'float32', shape: this.#shape, data } });
    return key;
  }

  /** Writes a memory into a row of the graphs' input, brought back from disk where it was there. */
  async copy(kept: KeptMemory, into: Float32Array): Promise<void> {
    const { memory } = await this.#shelf.get(kept);
    into.set(memory!.data as Float32Array);
  }

  /** Lets go of one; done in its turn, before anything that is asked for later. */
  forget(kept: KeptMemory): void {
    this.#shelf.delete(kept).catch(() => {}); // its file goes with the folder at the latest
  }

  /** Lets go of everything, on disk too. */
  close(): Promise<void> {
    return this.#shelf.close();
  }
}
