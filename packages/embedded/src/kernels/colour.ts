import {
  type ColourModel,
  EUCLIDEAN_ROUNDS,
  emptyModel,
  seedNumbers,
  updateComponent,
} from '../primitives/colour-model.js';
import type { ColourWindow } from '../primitives/window-colours.js';
import { type Arithmetic, arithmetic } from './arithmetic.js';
import type { LinearMemory } from './linear-memory.js';

/** Squared, it turns half a sum of squares in natural logarithms into one in binary ones. */
const TO_BINARY = Math.sqrt(0.5 * Math.LOG2E);

/** `logRatios` of the primitives, compiled in single precision: within 1e-4 of it. */
export function logRatios(
  foreground: ColourModel,
  background: ColourModel,
  lab: Float32Array,
  out: Float32Array,
): void {
  const { wasm, memory } = arithmetic();
  const n = out.length;
  const object = placeDensity(memory, foreground);
  const surround = placeDensity(memory, background);
  const [source, target] = [memory.take(n * 12), memory.take(n * 4)];
  memory.floats(source, n * 3).set(lab.length === n * 3 ? lab : lab.subarray(0, n * 3));
  wasm.logRatios(object, foreground.components, surround, background.components, source, n, target);
  out.set(memory.floats(target, n));
}

/** `windowColours` of the primitives, compiled in single precision: within 1e-4 of it. */
export function windowColours(
  lab: Float32Array,
  width: number,
  height: number,
  windows: readonly ColourWindow[],
  radius: number,
  colour: Float32Array,
  confidence: Float32Array,
): void {
  const { wasm, memory } = arithmetic();
  const n = width * height;
  const source = memory.take(n * 12);
  const sums = [memory.take(n * 4), memory.take(n * 4), memory.take(n * 4)] as const;
  memory.floats(source, n * 3).set(lab.subarray(0, n * 3));
  for (const plane of sums) memory.floats(plane, n).fill(0);
  const models = memory.top;
  for (const { x, y, object, surround, confidence: sure } of windows) {
    memory.reset(models);
    const [own, other] = [placeDensity(memory, object), placeDensity(memory, surround)];
    const place = [source, width, height, x, y, radius, sure] as const;
    wasm.addWindow(...place, own, object.components, other, surround.components, ...sums);
  }
  wasm.finishWindows(n, ...sums);
  colour.set(memory.floats(sums[0], n));
  confidence.set(memory.floats(sums[1], n));
}

/** Places a model in memory as assembly/arithmetic/colour.ts reads densities; returns its address. */
function placeDensity(memory: LinearMemory, { components, mean, inverse, logWeight }: ColourModel): number {
  const address = memory.take(components * 40);
  const to = memory.floats(address, components * 10);
  for (let k = 0, m = 0, i = 0, o = 0; k < components; k++, m += 3, i += 6, o += 10) {
    to[o] = mean[m]!;
    to[o + 1] = mean[m + 1]!;
    to[o + 2] = mean[m + 2]!;
    // The root of the inverse covariance: its rows' products with a difference, squared and added, are the exponent.
    const a = Math.sqrt(inverse[i]!);
    const b = inverse[i + 1]! / a || 0;
    const c = inverse[i + 2]! / a || 0;
    const d = Math.sqrt(Math.max(0, inverse[i + 3]! - b * b));
    const e = (inverse[i + 4]! - b * c) / d || 0;
    const f = Math.sqrt(Math.max(0, inverse[i + 5]! - c * c - e * e));
    to[o + 3] = a * TO_BINARY;
    to[o + 4] = b * TO_BINARY;
    to[o + 5] = c * TO_BINARY;
    to[o + 6] = d * TO_BINARY;
    to[o + 7] = e * TO_BINARY;
    to[o + 8] = f * TO_BINARY;
    to[o + 9] = logWeight[k]! * Math.LOG2E;
  }
  return address;
}

/** Per component mean, inverse covariance, logarithm of weight. */
function writeNumbers(model: ColourModel, to: Float64Array): void {
  for (let k = 0; k < model.components; k++) {
    for (let i = 0; i < 3; i++) to[k * 10 + i] = model.mean[k * 3 + i]!;
    for (let i = 0; i < 6; i++) to[k * 10 + 3 + i] = model.inverse[k * 6 + i]!;
    to[k * 10 + 9] = model.logWeight[k]!;
  }
}

/** `fitColourModel` of the primitives with its loops over the samples compiled: the same model to the last bit. */
export function fitColourModel(samples: Float32Array, components: number, iterations: number): ColourModel {
  const n = (samples.length / 3) | 0;
  if (n < 1) throw new RangeError('samples must hold at least one Lab triple');
  const { wasm, memory } = arithmetic();
  const model = emptyModel(n, components);
  const count = model.components;
  const at = [0, 1, 2].map(() => memory.take((n + 1) * 8)) as [number, number, number];
  const [nearest, numbers, moments] = [memory.take((n + 1) * 8), memory.take(count * 80), memory.take(count * 80)];
  const axes = at.map((address) => memory.doubles(address, n + 1));
  for (let i = 0; i < n; i++) for (let c = 0; c < 3; c++) axes[c]![i] = samples[i * 3 + c]!;
  for (const axis of axes) axis[n] = 0;
  seedMeans({ wasm, memory }, samples, n, model.mean, at, nearest);
  for (let round = 0; round < iterations; round++) {
    writeNumbers(model, memory.doubles(numbers, count * 10));
    wasm.assign(...at, n, numbers, count, round < EUCLIDEAN_ROUNDS, moments);
    const sums = memory.doubles(moments, count * 10);
    for (let k = 0; k < count; k++) updateComponent(model, k, sums, n);
  }
  return model;
}

function seedMeans(
  { wasm, memory }: Arithmetic,
  samples: Float32Array,
  n: number,
  mean: Float64Array,
  at: readonly [number, number, number],
  nearestAt: number,
): void {
  const random = seedNumbers();
  const nearest = memory.doubles(nearestAt, n + 1).fill(1e18);
  let pick = (random() * n) | 0;
  for (let k = 0; k < mean.length; k += 3) {
    const [x, y, z] = samples.subarray(pick * 3, pick * 3 + 3) as unknown as [number, number, number];
    mean.set([x, y, z], k);
    const sum = wasm.approach(...at, n, x, y, z, nearestAt);
    let rest = random() * sum;
    pick = 0;
    while (pick < n - 1 && (rest -= nearest[pick]!) > 0) pick++;
  }
}
