import { checkMaps, type FusionNetwork } from './network.js';
import { type Layer, readFusionWeights } from './weights.js';

/** Activations: `channels` planes of width x height. */
interface Planes {
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * The fusion network in plain TypeScript: the twin that the WebAssembly kernel is compared with, and the place to read
 * what it computes. About a hundred times slower.
 */
export function loadPlainFusionNetwork(weights: Uint8Array): FusionNetwork {
  const { inputs, layers } = readFusionWeights(weights);
  const named = new Map(layers.map((layer) => [layer.name, layer]));
  const layer = (name: string) => named.get(name)!;
  const conv = (x: Planes, name: string) => relu(convolve(x, layer(name), 1));
  const block = (x: Planes, name: string, dilation = 1) =>
    sum(relu(convolve(convolve(x, layer(`${name}.dw`), dilation), layer(`${name}.pw`), 1)), x);
  return {
    inputs,
    run(maps, width, height) {
      checkMaps(maps, inputs, width, height);
      const x = padded({ channels: inputs, width, height, data: maps });
      const e0 = block(block(conv(x, 'i'), 'e0.0'), 'e0.1'); // 16 channels, full size
      const e1 = block(block(conv(e0, 'd1'), 'e1.0'), 'e1.1'); // 32, half
      const e2 = block(block(conv(e1, 'd2'), 'e2.0'), 'e2.1'); // 48, quarter
      const e3 = block(block(block(conv(e2, 'd3'), 'e3.0'), 'e3.1', 2), 'e3.2'); // 64, eighth
      const f2 = block(sum(enlarged(conv(e3, 'u2')), e2), 'f2');
      const f1 = block(sum(enlarged(conv(f2, 'u1')), e1), 'f1');
      const f0 = block(block(sum(enlarged(conv(f1, 'u0')), e0), 'f0.0'), 'f0.1');
      const logits = sum(convolve(f0, layer('o'), 1), convolve(x, layer('sk'), 1));
      const out = new Float32Array(width * height);
      for (let y = 0; y < height; y++) {
        out.set(logits.data.subarray(y * logits.width, y * logits.width + width), y * width);
      }
      return out;
    },
  };
}

function padded({ channels, width, height, data }: Planes): Planes {
  const [w, h] = [(width + 7) & ~7, (height + 7) & ~7];
  const out = new Float32Array(channels * w * h);
  for (let k = 0; k < out.length; k++) {
    const [x, y, c] = [k % w, Math.floor(k / w) % h, Math.floor(k / (w * h))];
    out[k] = data[(c * height + Math.min(y, height - 1)) * width + Math.min(x, width - 1)]!;
  }
  return { channels, width: w, height: h, data: out };
}

function convolve(x: Planes, { kind, inputs, outputs, weights, bias }: Layer, dilation: number): Planes {
  const side = kind === 'depthwise' || kind === 'strided' ? 3 : 1;
  const stride = kind === 'strided' ? 2 : 1;
  const [w, h, reach] = [x.width / stride, x.height / stride, side === 3 ? dilation : 0];
  const perOutput = kind === 'depthwise' ? 1 : inputs;
  const data = new Float32Array(outputs * w * h);
  for (let o = 0; o < outputs; o++) {
    const plane = new Float64Array(w * h).fill(bias[o]!);
    for (let i = 0; i < perOutput; i++) {
      const from = x.data.subarray((kind === 'depthwise' ? o : i) * x.width * x.height);
      for (let tap = 0; tap < side * side; tap++) {
        const weight = weights[(o * perOutput + i) * side * side + tap]!;
        const [dx, dy] = [(tap % side) * dilation - reach, Math.floor(tap / side) * dilation - reach];
        addShifted(plane, w, h, from, x.width, x.height, stride, dx, dy, weight);
      }
    }
    data.set(plane, o * w * h);
  }
  return { channels: outputs, width: w, height: h, data };
}

function addShifted(
  plane: Float64Array,
  w: number,
  h: number,
  from: Float32Array,
  width: number,
  height: number,
  stride: number,
  dx: number,
  dy: number,
  weight: number,
): void {
  for (let y = 0; y < h; y++) {
    const sy = y * stride + dy;
    if (sy < 0 || sy >= height) continue;
    for (let x = 0; x < w; x++) {
      const sx = x * stride + dx;
      if (sx >= 0 && sx < width) plane[y * w + x]! += weight * from[sy * width + sx]!;
    }
  }
}

const relu = (x: Planes): Planes => ({ ...x, data: x.data.map((value) => Math.max(0, value)) });

const sum = (a: Planes, b: Planes): Planes => ({ ...a, data: a.data.map((value, k) => value + b.data[k]!) });

function enlarged({ channels, width, height, data }: Planes): Planes {
  const [w, h] = [2 * width, 2 * height];
  const out = new Float32Array(channels * w * h);
  for (let k = 0; k < out.length; k++) {
    const [x, y, c] = [k % w, Math.floor(k / w) % h, Math.floor(k / (w * h))];
    out[k] = data[(c * height + (y >> 1)) * width + (x >> 1)]!;
  }
  return { channels, width: w, height: h, data: out };
}
