import { floatValues, headerLength, readHeader } from '@rotokit/graph';

/** A recorded result of the reference: whole, or its root mean square and evenly spaced samples. */
export interface Recorded {
  /** In PyTorch's layout. */
  readonly shape: readonly number[];
  readonly rms: number;
  /** Flat positions and the values there. */
  readonly at: (sample: number) => number;
  readonly values: Float32Array;
}

const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Reads what taps.py wrote, whole or sampled. */
export function readRecorded(bytes: Uint8Array): Map<string, Recorded> {
  const header = readHeader(bytes.subarray(8, 8 + headerLength(bytes, bytes.length)), bytes.length);
  const shapes = header.metadata.shapes && (JSON.parse(header.metadata.shapes) as Record<string, number[]>);
  return new Map(
    [...header.tensors].map(([name, entry]) => {
      const data = floatValues(name, entry, bytes.subarray(entry.offset, entry.offset + entry.length));
      if (!shapes) {
        const rms = Math.sqrt(data.reduce((sum, v) => sum + v * v, 0) / data.length);
        return [name, { shape: entry.shape, rms, values: data, at: (i: number) => i }];
      }
      const [shape, values] = [shapes[name]!, data.subarray(1)];
      const at = (i: number) => Math.floor((i * (count(shape) - 1)) / (values.length - 1));
      return [name, { shape, rms: data[0]!, values, at }];
    }),
  );
}

/**
 * The largest difference of ours from the recorded values, divided by their root mean square; undefined where the number of
 * elements differs (a module of another layout, such as PyTorch's padded windows). Maps [channels, height·width] meet our tokens
 * [height·width, channels].
 */
export function difference(
  recorded: Recorded,
  ours: { readonly shape: readonly number[]; readonly data: Float32Array },
): number | undefined {
  const n = count(recorded.shape);
  if (n !== ours.data.length) return undefined;
  const channels = recorded.shape.length === 4 ? recorded.shape[1]! : 1;
  const as = (place: (i: number) => number) => {
    let worst = 0;
    for (let i = 0; i < recorded.values.length; i++) {
      const d = Math.abs(recorded.values[i]! - ours.data[place(recorded.at(i))]!);
      worst = d > worst || Number.isNaN(d) ? d : worst;
    }
    return worst / recorded.rms;
  };
  const cells = n / channels;
  const straight = as((i) => i);
  return straight < 1e-3
    ? straight
    : Math.min(
        straight,
        as((i) => (i % cells) * channels + Math.floor(i / cells)),
      );
}
