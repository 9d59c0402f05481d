// The program of one flow thread: takes tasks, answers with quantised fields. Bundled into one script by
// build-wasm.mjs, because a package that was itself bundled has no file to start a thread from.
import { parentPort, workerData } from 'node:worker_threads';
import { FlowKernel, type QuantisedField } from './flow-kernel.js';
import type { FlowFrame, FlowProfile } from './types.js';

/** What a flow thread is started with. */
export interface FlowWorkerData {
  readonly module: WebAssembly.Module;
}

/** One direction of one pair. */
export interface FlowTask {
  readonly id: number;
  readonly from: FlowFrame;
  readonly to: FlowFrame;
  readonly profile: FlowProfile;
}

/** The answer to a task: its field, or why there is none. */
export type FlowAnswer =
  | { readonly id: number; readonly field: QuantisedField }
  | { readonly id: number; readonly failure: string };

if (parentPort) {
  const port = parentPort;
  const kernel = new FlowKernel((workerData as FlowWorkerData).module);
  port.on('message', ({ id, from, to, profile }: FlowTask) => {
    try {
      const field = kernel.flow(from, to, profile);
      port.postMessage({ id, field } satisfies FlowAnswer, [field.u.buffer, field.v.buffer] as ArrayBuffer[]);
    } catch (error) {
      port.postMessage({ id, failure: error instanceof Error ? error.message : String(error) } satisfies FlowAnswer);
    }
  });
}
