import {
  AFFINE_ROUNDS,
  type Affine,
  affinePoints,
  FEWEST_POINTS,
  type RobustRounds,
  type WeightAt,
} from '../primitives/affine.js';
import { arithmetic } from './arithmetic.js';

/** `fitAffine` of the primitives with its rounds compiled: the same motion to the last bit. */
export function fitAffine(
  u: Float32Array,
  v: Float32Array,
  weightAt: WeightAt,
  width: number,
  height: number,
  step: number,
  rounds: RobustRounds = AFFINE_ROUNDS,
): Affine | null {
  const points = affinePoints(u, v, weightAt, width, height, step);
  const count = points.length / 5;
  if (count < FEWEST_POINTS) return null;
  const { wasm, memory } = arithmetic();
  const at = { points: memory.take(count * 48), scales: memory.take(rounds.length * 8), motion: memory.take(48) };
  const rows = memory.doubles(at.points, count * 6);
  for (let i = 0, from = 0, to = 0; i < count; i++, from += 5, to += 6) {
    rows[to] = points[from + 2]!;
    rows[to + 1] = points[from + 3]!;
    rows[to + 2] = points[from]!;
    rows[to + 3] = points[from + 1]!;
    rows[to + 4] = points[from + 4]!;
  }
  memory.doubles(at.scales, rounds.length).set(rounds.map((scale) => scale ?? 0));
  wasm.affineRounds(at.points, count, at.scales, rounds.length, at.motion);
  const [u0, v0, u1, v1, u2, v2] = memory.doubles(at.motion, 6) as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { u: [u0, u1, u2], v: [v0, v1, v2] };
}
