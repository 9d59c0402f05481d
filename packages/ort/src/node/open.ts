import type { Inference, LoadOptions, Tensors, WeightFile } from '@rotokit/core/ports';
import { RotokitError } from '@rotokit/core/values';
import { graphName } from '../shared/external-data.js';
import { inferenceOver } from '../shared/inference.js';
import type { Runtime, Session } from '../shared/runtime.js';
import { locate } from './locate.js';
import type { SentTensor } from './protocol.js';
import { RuntimeThread, type ThreadDeath, WANTED_VERSION } from './runtime-thread.js';

/** How to open ONNX Runtime in Node. */
export interface NodeInferenceOptions {
  /** Threads of one run, 1 or more. On most machines the number of physical cores is best. */
  readonly threads: number;
  /**
   * An execution provider that the installed onnxruntime-node has: `cpu` (default), and depending on platform and build `webgpu`, `cuda`,
   * `tensorrt`, `coreml`, `dml`. What such a device cannot do runs on the processor.
   */
  readonly device?: string;
  /** Told when the thread ended without being asked to; a new one takes its place, and work goes on. */
  readonly onThreadDeath?: (death: ThreadDeath) => void;
}

/** ONNX Runtime in Node, and how its thread fared. */
export interface NodeInference extends Inference {
  /** Threads that ended without being asked to, and were replaced. */
  readonly deaths: number;
}

/**
 * Opens ONNX Runtime (the package `onnxruntime-node`, an optional peer) on a thread of its own: its calls are synchronous and take up to seconds, and
 * the caller's event loop goes on meanwhile. Close it to end the thread; forgotten, it does not keep the process alive.
 * A thread that is killed is started again, its networks are opened anew, and the run under way is done once more; a run that kills two threads fails. What
 * ends the whole process (a crash of native code) ends this too.
 * @throws RotokitError INFERENCE_MISSING when the package is not installed or has no binary for this machine.
 * @throws RangeError when `threads` is not a whole number of at least 1, or the build does not have the device.
 */
export async function openNodeInference(options: NodeInferenceOptions): Promise<NodeInference> {
  const { threads, device = 'cpu', onThreadDeath } = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError(`threads must be a whole number of at least 1, is ${threads}`);
  const { thread, greeting } = await RuntimeThread.start({ device, threads }, onThreadDeath);
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
  return {
    ...inferenceOver(runtimeOn(thread, greeting.version, { threads, device })),
    get deaths() {
      return thread.deaths;
    },
  };
}

function runtimeOn(
  thread: RuntimeThread,
  version: string,
  { threads, device }: { readonly threads: number; readonly device: string },
): Runtime {
  return {
    name: `onnxruntime-node ${device}`,
    provenance: { runtime: 'onnxruntime-node', version, device, threads },
    async create(graph: Uint8Array, weights: readonly WeightFile[], options: LoadOptions): Promise<Session> {
      const located = await locate(graph, weights);
      const open = await thread.create(graphName(graph), {
        kind: 'create',
        located,
        prepack: options.prepack ?? false,
        threads: options.threads ?? threads,
      });
      return {
        inputs: open.inputs,
        outputs: open.outputs,
        async run(tensors, wanted) {
          const results = await thread.run(open, () => copyOf(tensors), wanted);
          return Object.fromEntries(
            results.map(({ name, type, shape, data }) => [name, { type, shape, data }]),
          ) as unknown as Tensors;
        },
        release: () => thread.release(open),
      };
    },
    close: () => thread.end(),
  };
}

/** The caller's inputs stay the caller's: the thread gets copies (milliseconds against the seconds of a run). */
const copyOf = (tensors: Tensors): SentTensor[] =>
  Object.entries(tensors).map(([name, { type, shape, data }]) => ({ name, type, shape, data: data.slice() }));
