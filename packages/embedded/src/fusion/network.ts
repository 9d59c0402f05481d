import { networkWasm } from '../kernels/generated/network-wasm.js';
import { compileKernel, type KernelExports, LinearMemory, startKernel } from '../kernels/linear-memory.js';
import { type Layer, readFusionWeights } from './weights.js';

/** A trained network from evidence maps to the log-odds of foreground. */
export interface FusionNetwork {
  /** Number of maps it reads. */
  readonly inputs: number;
  /**
   * Logits (width * height, raster order) of planar maps (inputs * width * height). Any size from 1x1 on; sides are
   * padded to multiples of 8 by repeating the last line and column. The result is the caller's own.
   */
  run(maps: Float32Array, width: number, height: number): Float32Array;
}

interface NetworkExports extends KernelExports {
  scratchBytes(width: number, height: number): number;
  run(
    packed: number,
    maps: number,
    inputs: number,
    width: number,
    height: number,
    scratch: number,
    logits: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;

/**
 * A fusion network in WebAssembly from a weights file (fusion/weights.ts has the format). One instance serves one caller
 * at a time; its memory grows to the largest picture seen and stays there.
 */
export function loadFusionNetwork(weights: Uint8Array): FusionNetwork {
  const { inputs, layers } = readFusionWeights(weights);
  compiled ??= compileKernel(networkWasm);
  const wasm = startKernel<NetworkExports>(compiled);
  const memory = new LinearMemory(wasm);
  const numbers = packLayers(layers);
  const packed = memory.take(numbers.byteLength);
  memory.floats(packed, numbers.length).set(numbers);
  const mark = memory.top;
  return {
    inputs,
    run(maps, width, height) {
      checkMaps(maps, inputs, width, height);
      memory.reset(mark);
      const source = memory.take(maps.byteLength);
      const logits = memory.take(4 * width * height);
      const scratch = memory.take(wasm.scratchBytes((width + 7) & ~7, (height + 7) & ~7));
      memory.floats(source, maps.length).set(maps);
      wasm.run(packed, source, inputs, width, height, scratch, logits);
      return memory.floats(logits, width * height).slice();
    },
  };
}

/** Throws a RangeError unless the maps are `inputs` planes of width x height. */
export function checkMaps(maps: Float32Array, inputs: number, width: number, height: number): void {
  if (!(width >= 1 && height >= 1 && Number.isInteger(width) && Number.isInteger(height))) {
    throw new RangeError(`width and height must be whole numbers from 1 on, not ${width}x${height}`);
  }
  if (maps.length !== inputs * width * height) {
    throw new RangeError(`maps must be ${inputs} x ${width} x ${height} values, not ${maps.length}`);
  }
}

// ---- the order in which assembly/network reads the numbers

const PANEL = 8;

function packLayers(layers: readonly Layer[]): Float32Array {
  const [output, skip] = layers.slice(-2) as [Layer, Layer];
  const packed = layers
    .slice(0, -2)
    .map((layer) => (layer.kind === 'depthwise' ? packDepthwise(layer) : packProduct(layer)));
  packed.push(output.weights, skip.weights, Float32Array.of(output.bias[0]! + skip.bias[0]!));
  const out = new Float32Array(packed.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of packed) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Per 4 channels: 9 taps and the bias, 4 values each. */
function packDepthwise({ outputs, weights, bias }: Layer): Float32Array {
  const out = new Float32Array(outputs * 10);
  for (let c = 0; c < outputs; c++) {
    const base = (c >> 2) * 40 + (c & 3);
    for (let tap = 0; tap < 9; tap++) out[base + tap * 4] = weights[c * 9 + tap]!;
    out[base + 36] = bias[c]!;
  }
  return out;
}

/** Per panel of 8 outputs: 8 biases, then 8 weights per input; inputs in the order tap, channel, padded to fours. */
function packProduct({ kind, inputs, outputs, weights, bias }: Layer): Float32Array {
  const kernel = kind === 'strided' ? 9 : 1;
  const k = ((inputs + 3) & ~3) * kernel;
  const out = new Float32Array((k + 1) * outputs);
  for (let o = 0; o < outputs; o++) {
    const panel = (o - (o % PANEL)) * (k + 1) + (o % PANEL);
    out[panel] = bias[o]!;
    for (let tap = 0; tap < kernel; tap++) {
      for (let i = 0; i < inputs; i++) {
        out[panel + (1 + tap * inputs + i) * PANEL] = weights[(o * inputs + i) * kernel + tap]!;
      }
    }
  }
  return out;
}
