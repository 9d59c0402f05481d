/** The exports every kernel has: its memory and where the free part of it begins. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
}

/** Compiles a kernel from its base64 text. No import is needed, so the same module serves every thread. */
export function compileKernel(base64: string): WebAssembly.Module {
  return new WebAssembly.Module(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
}

/** Starts a kernel: an instance of its own memory. `Exports` lists the functions of its assembly/<name>/index.ts. */
export function startKernel<Exports extends KernelExports>(module: WebAssembly.Module): Exports {
  return new WebAssembly.Instance(module, {}).exports as unknown as Exports;
}

const PAGE = 65536;

/**
 * Lays planes out in the linear memory of one kernel instance and grows it when needed. Memory never shrinks: it stays
 * at the largest layout that was asked for. Views are made anew on every use, because growing detaches older ones.
 */
export class LinearMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #base: number;
  #top: number;

  constructor(exports: KernelExports) {
    this.#memory = exports.memory;
    this.#base = (exports.heapBase() + 15) & ~15;
    this.#top = this.#base;
  }

  /** Bytes the instance holds now. */
  get byteLength(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Begins a new layout; everything handed out before is free again, unless `from` keeps what lies below it. */
  reset(from: number = this.#base): void {
    this.#top = from;
  }

  /** First free byte of the layout: a mark for `reset`. */
  get top(): number {
    return this.#top;
  }

  /** Address of `bytes` fresh bytes, aligned to 16 and followed by 64 spare ones for vector tails. Not cleared. */
  take(bytes: number): number {
    const address = this.#top;
    this.#top = (address + bytes + 64 + 15) & ~15;
    const missing = this.#top - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    return address;
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, length);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, length);
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, length);
  }

  shorts(address: number, length: number): Int16Array {
    return new Int16Array(this.#memory.buffer, address, length);
  }

  words(address: number, length: number): Uint16Array {
    return new Uint16Array(this.#memory.buffer, address, length);
  }

  ints(address: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, address, length);
  }
}
