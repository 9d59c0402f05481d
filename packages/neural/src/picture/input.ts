import type { Picture } from '@rotokit/core/values';
import { axisWeights, downRows } from './resample.js';

/** Mean and standard deviation of ImageNet's channels, 0 to 1, which both encoders were trained with. */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/** A picture as the encoder takes it: stretched to a square of `size` (antialiased), normalised, channel by channel: [3, size, size]. */
export function encoderInput({ width, height, samples }: Picture<'rgb8'>, size: number): Float32Array {
  const [columns, rows] = [axisWeights(width, size), axisWeights(height, size)];
  const out = new Float32Array(3 * size * size);
  for (let c = 0; c < 3; c++) {
    const thin = new Float32Array(height * size);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < size; x++) {
        const w = columns.weights[x]!;
        let sum = 0;
        for (let k = 0, at = (y * width + columns.from[x]!) * 3 + c; k < w.length; k++, at += 3)
          sum += w[k]! * samples[at]!;
        thin[y * size + x] = sum;
      }
    const plane = downRows(thin, size, rows);
    const [mean, deviation] = [MEAN[c]!, DEVIATION[c]!];
    for (let i = 0; i < plane.length; i++) out[c * size * size + i] = (plane[i]! / 255 - mean) / deviation;
  }
  return out;
}
