import type { Inference, LoadOptions, Tensors, WeightFile } from '@rotokit/core/ports';
import { RotokitError, reasonOf } from '@rotokit/core/values';
import type { InferenceSession } from 'onnxruntime-common';
import { inferenceOver } from '../shared/inference.js';
import { fromOrt, slotsOf, toOrt } from '../shared/ort-tensors.js';
import { checkParts, placeWeights } from '../shared/place-weights.js';
import type { Runtime, Session } from '../shared/runtime.js';

type Ort = typeof import('onnxruntime-web');

/** How to open ONNX Runtime in a browser. */
export interface WebInferenceOptions {
  /** Threads, 1 or more. More than 1 needs a page that is cross-origin isolated (COOP and COEP headers); elsewhere there is 1. */
  readonly threads: number;
  /** `wasm` (default) runs on the processor. `webgpu` needs a browser with a graphics adapter. `auto` takes it where there is one. */
  readonly device?: 'wasm' | 'webgpu' | 'auto';
  /** Where `ort-wasm-simd-threaded*.{mjs,wasm}` of onnxruntime-web are served, with a slash at the end; default: beside its own script. */
  readonly assets?: string;
}

const WANTED_VERSION = '1.30.0';

/**
 * Opens ONNX Runtime (the package `onnxruntime-web`, an optional peer) on the thread it is called from: call it in a worker where the page should stay
 * responsive. The first call of a page decides threads and assets for all of it; weights are given by their bytes and copied into WebAssembly's memory, after which
 * the caller may let go of them.
 * @throws RotokitError INFERENCE_MISSING when the package or its files cannot be loaded, or there is no adapter for `webgpu`.
 * @throws RangeError when `threads` is not a whole number of at least 1.
 */
export async function openWebInference({ threads, device = 'wasm', assets }: WebInferenceOptions): Promise<Inference> {
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError(`threads must be a whole number of at least 1, is ${threads}`);
  const adapter = device !== 'wasm' && (await hasAdapter());
  if (device === 'webgpu' && !adapter) throw missing('this browser offers no WebGPU adapter');
  const chosen = adapter ? 'webgpu' : 'wasm';
  const ort = await (adapter ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm')).catch(
    (e: unknown) => {
      throw missing(reasonOf(e), e);
    },
  );
  const isolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ?? true;
  ort.env.wasm.numThreads = isolated ? threads : 1;
  ort.env.logLevel = 'error';
  if (assets !== undefined) ort.env.wasm.wasmPaths = assets;
  return inferenceOver(runtimeOf(ort as Ort, chosen, ort.env.wasm.numThreads));
}

const missing = (reason: string, cause?: unknown) =>
  new RotokitError('INFERENCE_MISSING', { runtime: 'onnxruntime-web', version: WANTED_VERSION, reason }, cause);

async function hasAdapter(): Promise<boolean> {
  const gpu = (globalThis.navigator as { gpu?: { requestAdapter(): Promise<unknown> } } | undefined)?.gpu;
  return Boolean(await gpu?.requestAdapter().catch(() => undefined));
}

function runtimeOf(ort: Ort, device: 'wasm' | 'webgpu', threads: number): Runtime {
  return {
    name: `onnxruntime-web ${device}`,
    provenance: {
      runtime: 'onnxruntime-web',
      version: ort.env.versions.web ?? ort.env.versions.common,
      device,
      threads,
    },
    async create(graph: Uint8Array, weights: readonly WeightFile[], options: LoadOptions): Promise<Session> {
      const externalData: { path: string; data: Uint8Array }[] = [];
      for (const [file, parts] of placeWeights(graph, weights)) {
        if (!('bytes' in file))
          throw new TypeError(`weights: ${file.location} is given by a path; in a browser give its bytes`);
        checkParts(file.location, file.bytes.length, parts);
        externalData.push({ path: file.location, data: file.bytes });
      }
      const session = await ort.InferenceSession.create(graph, {
        executionProviders: [device],
        graphOptimizationLevel: 'all',
        externalData,
        enableMemPattern: false,
        extra: { session: { disable_prepacking: options.prepack ? '0' : '1' } },
      });
      return sessionOf(ort, session);
    },
    close: async () => undefined,
  };
}

async function sessionOf(ort: Ort, session: InferenceSession): Promise<Session> {
  try {
    return {
      inputs: slotsOf(session.inputMetadata),
      outputs: slotsOf(session.outputMetadata),
      async run(tensors, wanted) {
        const feeds = Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, toOrt(ort.Tensor, t)]));
        const results = await session.run(feeds, wanted);
        return Object.fromEntries(wanted.map((name) => [name, fromOrt(results[name]!)])) as Tensors;
      },
      release: () => session.release(),
    };
  } catch (e) {
    await session.release();
    throw e;
  }
}
