import type { InferenceSession } from 'onnxruntime-common';
import { fromOrt, slotsOf, toOrt } from '../shared/ort-tensors.js';
import type { Results, RuntimeSettings, SentTensor, Task } from './protocol.js';

type Ort = typeof import('onnxruntime-node');
type Create = Extract<Task, { kind: 'create' }>;
type Run = Extract<Task, { kind: 'run' }>;

/**
 * Without this, opening computes what depends on weights alone and keeps the results: for SAM 2.1-tiny 100 MB and a good half of the time to open, for 4 % less
 * work in each run of the encoder. Who wants that has said so with `prepack`.
 */
const AS_THEY_LIE = { optimization: { disable_specified_optimizers: 'ConstantFolding' } };

/** The sessions of one thread. ONNX Runtime's own calls are synchronous in Node: this is what keeps the thread busy. */
export class Sessions {
  readonly #ort: Ort;
  readonly #settings: RuntimeSettings;
  readonly #open = new Map<number, InferenceSession>();
  #next = 1;

  constructor(ort: Ort, settings: RuntimeSettings) {
    this.#ort = ort;
    this.#settings = settings;
  }

  /** Opens a graph and says what it takes and gives. */
  async create({ located, prepack, threads }: Create): Promise<Results['create']> {
    const session = await this.#ort.InferenceSession.create(located.graph, {
      executionProviders: this.#settings.device === 'cpu' ? ['cpu'] : [this.#settings.device, 'cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      externalData: located.buffers as { path: string; data: Uint8Array }[],
      // A remembered pattern of memory is a second arena beside the first: twice the memory for no time that could be measured.
      enableMemPattern: false,
      extra: {
        ...(prepack ? {} : AS_THEY_LIE),
        session: {
          model_external_initializers_file_folder_path: located.folder,
          disable_prepacking: prepack ? '0' : '1',
        },
      },
    });
    try {
      const [inputs, outputs] = [slotsOf(session.inputMetadata), slotsOf(session.outputMetadata)];
      const id = this.#next++;
      this.#open.set(id, session);
      return { session: id, inputs, outputs };
    } catch (e) {
      await session.release();
      throw e;
    }
  }

  /** Runs a session; the tensors that come back are nobody else's. */
  async run({ session, inputs, wanted }: Run): Promise<SentTensor[]> {
    const feeds = Object.fromEntries(inputs.map((t) => [t.name, toOrt(this.#ort.Tensor, t)]));
    const results = await this.#open.get(session)!.run(feeds, wanted);
    return wanted.map((name) => ({ name, ...fromOrt(results[name]!) }));
  }

  /** Frees a session. */
  async release(session: number): Promise<void> {
    await this.#open.get(session)!.release();
    this.#open.delete(session);
  }
}
