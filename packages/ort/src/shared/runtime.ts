import type { LoadOptions, TensorSlot, Tensors, WeightFile } from '@rotokit/core/ports';

/** One opened graph inside a runtime. Calls come one at a time, and none after `release`. */
export interface Session {
  readonly inputs: readonly TensorSlot[];
  readonly outputs: readonly TensorSlot[];
  /** Computes the wanted outputs; inputs have been checked against `inputs`. Throws whatever the runtime throws. */
  run(inputs: Tensors, wanted: readonly string[]): Promise<Tensors>;
  /** Frees the session's memory. */
  release(): Promise<void>;
}

/** What differs between ONNX Runtime in Node and in the browser; everything else is `inferenceOver`. */
export interface Runtime {
  readonly name: string;
  readonly provenance: Readonly<Record<string, string | number>>;
  /** Opens a graph. Throws whatever the runtime throws, or a `RotokitError` where more is known. */
  create(graph: Uint8Array, weights: readonly WeightFile[], options: LoadOptions): Promise<Session>;
  /** Frees what all sessions shared. */
  close(): Promise<void>;
}
