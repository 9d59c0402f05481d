import type { BandCut } from '../primitives/cut.js';
import { arithmetic } from './arithmetic.js';

/** `bandCut` of the primitives, compiled: the same labels. */
export function bandCut(o: BandCut): Uint8Array {
  const { wasm, memory } = arithmetic();
  const { lab, width, height, probability, band, fixed } = o;
  const n = width * height;
  let count = 0;
  for (let k = 0; k < n; k++) if (band[k]) count++;
  const at = {
    lab: memory.take(lab.byteLength),
    probability: memory.take(n * 4),
    band: memory.take(n),
    fixed: memory.take(n),
    scratch: memory.take(wasm.cutBytes(width, height, count)),
    labels: memory.take(n),
  };
  memory.floats(at.lab, n * 3).set(lab.subarray(0, n * 3));
  memory.floats(at.probability, n).set(probability.subarray(0, n));
  memory.bytes(at.band, n).set(band.subarray(0, n));
  memory.bytes(at.fixed, n).set(fixed.subarray(0, n));
  const labels = memory.bytes(at.labels, n);
  for (let k = 0; k < n; k++) labels[k] = fixed[k] ? 1 : 0;
  wasm.bandCut(
    ...([at.lab, width, height, at.probability, at.band, at.fixed] as const),
    ...([o.lambda, o.clip, o.edgeScale ?? 0, count, at.scratch, at.labels] as const),
  );
  return labels.slice();
}
