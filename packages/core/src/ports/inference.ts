/** The array that holds the elements of each type. Half floats are their 16 bits; booleans are 0 or 1 a byte. */
export interface ElementArrays {
  readonly float32: Float32Array;
  readonly float16: Uint16Array;
  readonly int64: BigInt64Array;
  readonly int32: Int32Array;
  readonly uint8: Uint8Array;
  readonly bool: Uint8Array;
}

/** What a tensor is made of, in the words of ONNX. */
export type ElementType = keyof ElementArrays;

/** Numbers in row-major order. `shape` [] is one number. The product of `shape` is the length of `data`. */
export interface Tensor<T extends ElementType = ElementType> {
  readonly type: T;
  readonly shape: readonly number[];
  readonly data: ElementArrays[T];
}

/** Tensors by the names that the graph gives its inputs or outputs. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** One input or output as the graph declares it. A dimension that may vary is given by its symbol, '' when it has none. */
export interface TensorSlot {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/**
 * Where the bytes of a graph's external initializers are. `location` is the name that the graph has for the file. A file on disk
 * is given by its path and is not read into memory; where there are no files (a browser), by its bytes, which the
 * caller must not change while the network is open.
 */
export type WeightFile =
  | { readonly location: string; readonly path: string }
  | { readonly location: string; readonly bytes: Uint8Array };

/** How a network is opened. */
export interface LoadOptions {
  /**
   * `true`: prepare while opening what every run would need (rearrange weights for the machine's kernels, compute what depends on weights alone), which takes a
   * second copy of them in memory and makes every run some per cent faster: for long tracking. `false` (the default): use the
   * weights as they lie in the file: opens at once.
   */
  readonly prepack?: boolean;
  /** Threads of one run; default: what the adapter was opened with. Some adapters have one pool for all networks and leave this aside. */
  readonly threads?: number;
}

/** A network that is ready to run. */
export interface Network {
  readonly inputs: readonly TensorSlot[];
  readonly outputs: readonly TensorSlot[];
  /**
   * Computes outputs from inputs; `wanted` names the outputs to hand over (default: all). Calls may overlap: the adapter queues them where its
   * runtime cannot overlap. Inputs are read until the promise settles and never changed; outputs are the caller's.
   * @throws TypeError or RangeError when an input is missing, unknown, of another type or shape than declared, or a
   * wanted output is unknown; or after `close`.
   * @throws RotokitError INFERENCE_FAILED.
   */
  run(inputs: Tensors, wanted?: readonly string[]): Promise<Tensors>;
  /** Releases the memory, after the runs that are under way. Called once, by whoever loaded; a second call does nothing. */
  close(): Promise<void>;
}

/**
 * A runtime for tensor graphs in the ONNX format, opset 21 and below, with the `com.microsoft` operators `MultiHeadAttention` and
 * `RotaryEmbedding`. Left out on purpose: training, tensors that stay on a device between runs, stopping a run half-way (runs take
 * seconds at most; loops check their signal between them), choosing among devices (a composition root opens the adapter it wants).
 */
export interface Inference {
  /** For people and provenance: 'onnxruntime-node cpu'. */
  readonly name: string;
  /** What decides the digits of a result: runtime, version, device, threads. */
  readonly provenance: Readonly<Record<string, string | number>>;
  /**
   * Opens a graph (the bytes of an ONNX model) over its weight files.
   * @throws RotokitError INFERENCE_REFUSED when graph or weights cannot be used: not ONNX, an unknown operator, a location that no file was
   * given for, a file that is missing or too short.
   */
  load(graph: Uint8Array, weights: readonly WeightFile[], options?: LoadOptions): Promise<Network>;
  /** Closes every network still open and releases threads. Called once, by whoever opened. */
  close(): Promise<void>;
}
