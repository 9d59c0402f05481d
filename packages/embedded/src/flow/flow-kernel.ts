import { type KernelExports, LinearMemory, startKernel } from '../kernels/linear-memory.js';
import type { FlowFrame, FlowProfile } from './types.js';

interface FlowExports extends KernelExports {
  slotBytes(width: number, height: number): number;
  scratchBytes(width: number, height: number): number;
  buildPyramid(rgb: number, rowPixels: number, width: number, height: number, slot: number): void;
  flow(
    a: number,
    b: number,
    width: number,
    height: number,
    iterations: number,
    outer: number,
    outerFinest: number,
    sweeps: number,
    scratch: number,
    outU: number,
    outV: number,
  ): void;
}

/** Descent steps per patch, and rounds and sweeps of refinement per level, of each profile. */
export const FLOW_PROFILES: Readonly<
  Record<FlowProfile, { iterations: number; outer: number; outerFinest: number; sweeps: number }>
> = {
  full: { iterations: 12, outer: 3, outerFinest: 3, sweeps: 5 },
  fast: { iterations: 6, outer: 1, outerFinest: 1, sweeps: 3 },
};

/** A flow field as it is kept and sent between threads: 1/64 px in 16 bits (so at most 512 half-grid pixels). */
export interface QuantisedField {
  readonly u: Int16Array;
  readonly v: Int16Array;
}

/** Frames whose pyramids stay in a kernel's memory: a pair, the pair that follows it, and the one that was asked early. */
export const RESIDENT_FRAMES = 4;

/** Smallest side of a picture the kernel takes: one patch on the half grid. Smaller ones are enlarged by replication. */
const LEAST = 16;

/**
 * Dense flow of one direction in one WebAssembly instance. Pyramids of the last few frames stay in its memory, so a
 * frame is prepared once although two pairs use it. Memory is laid out for one picture size and anew when it changes.
 */
export class FlowKernel {
  readonly #wasm: FlowExports;
  readonly #memory: LinearMemory;
  readonly #resident: { index: number; slot: number }[] = [];
  #width = 0;
  #height = 0;
  #picture = 0;
  #scratch = 0;
  #out: readonly [number, number] = [0, 0];

  constructor(module: WebAssembly.Module) {
    this.#wasm = startKernel<FlowExports>(module);
    this.#memory = new LinearMemory(this.#wasm);
  }

  /** Bytes of memory the instance holds. */
  get byteLength(): number {
    return this.#memory.byteLength;
  }

  /** Builds the pyramid of a frame unless it is there: what `flow` does first with both of its frames. */
  prepare(frame: FlowFrame): void {
    this.#slotOf(frame);
  }

  /** Flow from frame a to frame b, values at a's pixels of the half grid. Both frames have the same size. */
  flow(a: FlowFrame, b: FlowFrame, profile: FlowProfile): QuantisedField {
    const from = this.#slotOf(a);
    const to = this.#slotOf(b);
    const { iterations, outer, outerFinest, sweeps } = FLOW_PROFILES[profile];
    const [width, height] = [this.#width >> 1, this.#height >> 1];
    const [u, v] = this.#out;
    this.#wasm.flow(from, to, width, height, iterations, outer, outerFinest, sweeps, this.#scratch, u, v);
    const crop = (address: number) =>
      cropRows(this.#memory.shorts(address, width * height), width, a.width >> 1, a.height >> 1);
    return { u: crop(u), v: crop(v) };
  }

  // Slots are kept in order of use, the least recent first; its slot is taken for a new frame.
  #slotOf(frame: FlowFrame): number {
    this.#fit(Math.max(LEAST, frame.width), Math.max(LEAST, frame.height));
    const known = this.#resident.findIndex((entry) => entry.index === frame.index);
    const [entry] = this.#resident.splice(Math.max(known, 0), 1) as [{ index: number; slot: number }];
    this.#resident.push(entry);
    if (known >= 0) return entry.slot;
    entry.index = Number.NaN; // until the pyramid stands
    const rgb = frame.width < LEAST || frame.height < LEAST ? enlarged(frame, this.#width, this.#height) : frame.rgb;
    this.#memory.bytes(this.#picture, this.#width * this.#height * 3).set(rgb);
    this.#wasm.buildPyramid(this.#picture, this.#width, this.#width >> 1, this.#height >> 1, entry.slot);
    entry.index = frame.index;
    return entry.slot;
  }

  #fit(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return;
    this.#width = width;
    this.#height = height;
    const [w, h] = [width >> 1, height >> 1];
    this.#memory.reset();
    this.#picture = this.#memory.take(width * height * 3);
    this.#resident.length = 0;
    for (let i = 0; i < RESIDENT_FRAMES; i++) {
      this.#resident.push({ index: Number.NaN, slot: this.#memory.take(this.#wasm.slotBytes(w, h)) });
    }
    this.#scratch = this.#memory.take(this.#wasm.scratchBytes(w, h));
    this.#out = [this.#memory.take(w * h * 2), this.#memory.take(w * h * 2)];
  }
}

function cropRows(plane: Int16Array, stride: number, width: number, height: number): Int16Array {
  if (stride === width) return plane.slice(0, width * height);
  const out = new Int16Array(width * height);
  for (let y = 0; y < height; y++) out.set(plane.subarray(y * stride, y * stride + width), y * width);
  return out;
}

function enlarged(frame: FlowFrame, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const k = (Math.min(y, frame.height - 1) * frame.width + Math.min(x, frame.width - 1)) * 3;
      out.set(frame.rgb.subarray(k, k + 3), (y * width + x) * 3);
    }
  }
  return out;
}
