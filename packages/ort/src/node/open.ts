import type { Inference, LoadOptions, Tensors, WeightFile } from '@rotokit/core/ports';
import { RotokitError } from '@rotokit/core/values';
import { inferenceOver } from '../shared/inference.js';
import type { Runtime, Session } from '../shared/runtime.js';
import { locate } from './locate.js';
import type { SentTensor } from './protocol.js';
import { ThreadClient } from './thread-client.js';

/** How to open ONNX Runtime in Node. */
export interface NodeInferenceOptions {
  /** Threads of one run, 1 or more. On most machines the number of physical cores is best. */
  readonly threads: number;
  /**
   * An execution provider that the installed onnxruntime-node has: `cpu` (default), and depending on platform and build `webgpu`, `cuda`,
   * `tensorrt`, `coreml`, `dml`. What such a device cannot do runs on the processor.
   */
  readonly device?: string;
}

const WANTED_VERSION = '1.30.0';

/**
 * Opens ONNX Runtime (the package `onnxruntime-node`, an optional peer) on a thread of its own: its calls are synchronous and take up to seconds, and
 * the caller's event loop goes on meanwhile. Close it to end the thread; forgotten, it does not keep the process alive.
 * @throws RotokitError INFERENCE_MISSING when the package is not installed or has no binary for this machine.
 * @throws RangeError when `threads` is not a whole number of at least 1, or the build does not have the device.
 */
export async function openNodeInference({ threads, device = 'cpu' }: NodeInferenceOptions): Promise<Inference> {
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError(`threads must be a whole number of at least 1, is ${threads}`);
  const thread = new ThreadClient({ device, threads });
  const greeting = await thread.greeting;
  if (greeting.kind === 'missing') {
    await thread.end();
    throw new RotokitError('INFERENCE_MISSING', {
      runtime: 'onnxruntime-node',
      version: WANTED_VERSION,
      reason: greeting.reason,
    });
  }
  if (!greeting.devices.includes(device)) {
    await thread.end();
    throw new RangeError(`device: this onnxruntime-node has no ${device}; it has ${greeting.devices.join(', ')}`);
  }
  return inferenceOver(runtimeOn(thread, greeting.version, { threads, device }));
}

function runtimeOn(
  thread: ThreadClient,
  version: string,
  { threads, device }: Required<NodeInferenceOptions>,
): Runtime {
  return {
    name: `onnxruntime-node ${device}`,
    provenance: { runtime: 'onnxruntime-node', version, device, threads },
    async create(graph: Uint8Array, weights: readonly WeightFile[], options: LoadOptions): Promise<Session> {
      const located = await locate(graph, weights);
      const { session, inputs, outputs } = await thread.ask({
        kind: 'create',
        located,
        prepack: options.prepack ?? false,
        threads: options.threads ?? threads,
      });
      return {
        inputs,
        outputs,
        async run(tensors, wanted) {
          const sent = copyOf(tensors);
          const memory = sent.map((t) => t.data.buffer as ArrayBuffer);
          const results = await thread.ask({ kind: 'run', session, inputs: sent, wanted }, memory);
          return Object.fromEntries(
            results.map(({ name, type, shape, data }) => [name, { type, shape, data }]),
          ) as unknown as Tensors;
        },
        release: () => thread.ask({ kind: 'release', session }),
      };
    },
    close: () => thread.end(),
  };
}

/** The caller's inputs stay the caller's: the thread gets copies (milliseconds against the seconds of a run). */
const copyOf = (tensors: Tensors): SentTensor[] =>
  Object.entries(tensors).map(([name, { type, shape, data }]) => ({ name, type, shape, data: data.slice() }));
