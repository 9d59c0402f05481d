import {
  type ColourModel,
  EUCLIDEAN_ROUNDS,
  emptyModel,
  seedNumbers,
  updateComponent,
} from '../primitives/colour-model.js';
import { type Arithmetic, arithmetic } from './arithmetic.js';

/** `logRatios` of the primitives, compiled in single precision: within 1e-4 of it. */
export function logRatios(
  foreground: ColourModel,
  background: ColourModel,
  lab: Float32Array,
  pixels: Int32Array,
  out: Float32Array,
): void {
  const { wasm, memory } = arithmetic();
  const n = pixels.length;
  const models = [foreground, background].map((model) => {
    const at = memory.take(model.components * 40);
    return { at, model };
  });
  const planes = [0, 1, 2, 3].map(() => memory.take(n * 4)) as [number, number, number, number];
  for (const { at, model } of models) writeFloats(model, memory.floats(at, model.components * 10));
  const [L, a, b] = planes.map((at) => memory.floats(at, n)) as [Float32Array, Float32Array, Float32Array];
  for (let i = 0; i < n; i++) {
    const p = pixels[i]! * 3;
    L[i] = lab[p]!;
    a[i] = lab[p + 1]!;
    b[i] = lab[p + 2]!;
  }
  const [object, surround] = models as [(typeof models)[0], (typeof models)[0]];
  wasm.logRatios(
    object.at,
    object.model.components,
    surround.at,
    surround.model.components,
    ...(planes.slice(0, 3) as [number, number, number]),
    n,
    planes[3],
  );
  out.set(memory.floats(planes[3], n));
}

/** Per component mean, inverse covariance, logarithm of weight. */
function writeFloats(model: ColourModel, to: Float32Array | Float64Array): void {
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
    writeFloats(model, memory.doubles(numbers, count * 10));
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
