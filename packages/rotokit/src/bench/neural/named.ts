import type { ModelHub } from '@rotokit/core/ports';
import { median } from '../median.js';
import { type Candidate, startOurs } from './candidate.js';
import { type TimedWeights, timedModel, weightsToTime } from './weights.js';
import type { Cost, Result } from './wire.js';

/** What may be chosen where other numbers are accepted; all of it is off by default. */
interface Named {
  readonly option: string;
  readonly model: string;
  readonly frames: number;
  readonly side: number;
  readonly eightBit: boolean;
}

const FULL: Omit<Named, 'option'> = { model: 'sam2.1-tiny', frames: 7, side: 1024, eightBit: false };
const OPTIONS: readonly Named[] = [
  { option: 'equal numbers', ...FULL },
  { option: 'bank of 3 frames', ...FULL, frames: 3 },
  { option: '8-bit products in the encoder', ...FULL, eightBit: true },
  { option: '512 pixels', ...FULL, side: 512 },
  { option: 'EdgeTAM', ...FULL, model: 'edgetam' },
];

/** One option, measured on the last of the tracked frames. */
export interface NamedTimes {
  readonly option: string;
  readonly weights: TimedWeights['kind'];
  readonly cost: Cost;
  /** The first row's processor time divided by this one's. */
  readonly timesAsFast: number;
  /** From the first row, on the last frame; undefined for another model, whose weights are others. */
  readonly difference: { readonly logits: number; readonly features: number | undefined } | undefined;
}

const floatsOf = (text: string): Float32Array => {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
};

/** Every value of a square map `by` times in both directions. */
function repeated(values: Float32Array, side: number, by: number): Float32Array {
  const at = (i: number) => Math.floor(Math.floor(i / (side * by)) / by) * side + Math.floor((i % (side * by)) / by);
  return Float32Array.from({ length: values.length * by * by }, (_, i) => values[at(i)]!);
}

/** Root mean square of the differences, divided by the standard deviation of the first. */
export function spreadOff(a: Float32Array, b: Float32Array): number {
  const mean = a.reduce((s, v) => s + v, 0) / a.length;
  const variance = a.reduce((s, v) => s + (v - mean) ** 2, 0);
  const off = a.reduce((s, v, i) => s + (v - b[i]!) ** 2, 0);
  return Math.sqrt(off / variance);
}

function difference(one: Result, other: Result): NamedTimes['difference'] {
  const [a, b] = [floatsOf(one.mask), repeated(floatsOf(other.mask), other.side, one.side / other.side)];
  const same = one.side === other.side;
  return {
    logits: spreadOff(a, b),
    features: same ? spreadOff(floatsOf(one.features), floatsOf(other.features)) : undefined,
  };
}

/** Tracks `frames` frames: the median cost of the last `counted`, when the bank is full, and what the last came to. */
async function track(
  candidate: Candidate,
  frames: number,
  counted: number,
): Promise<{ readonly cost: Cost; readonly result: Result }> {
  const costs: Cost[] = [];
  for (let t = 0; t < frames; t++) costs.push(await candidate.cost('frame'));
  const last = costs.slice(-counted);
  const of = (key: keyof Cost) => median(last.map((c) => c[key]));
  const cost = { cpu: of('cpu'), wall: of('wall'), rss: Math.max(...costs.map((c) => c.rss)) };
  return { cost, result: await candidate.result() };
}

/** Tracks the same made-up pictures with every option, one after another, in a process each. */
export async function timeNamed(
  hub: ModelHub,
  choices: {
    readonly threads: number;
    readonly prepack: boolean;
    /** Frames to time after the bank is full. */
    readonly rounds: number;
    readonly signal: AbortSignal;
    onOption(option: string): void;
  },
): Promise<NamedTimes[]> {
  const rows: NamedTimes[] = [];
  let [base, baseCost]: [Result?, Cost?] = [];
  for (const { option, model, frames, side, eightBit } of OPTIONS) {
    choices.onOption(option);
    const weights = await weightsToTime(model, hub);
    try {
      const { threads, prepack, signal } = choices;
      const setup = { model, weights: weights.path, threads, prepack, frames, side, eightBit };
      const candidate = await startOurs(setup, signal);
      const measured = track(candidate, timedModel(model).memory.slots + 1 + choices.rounds, choices.rounds);
      const { cost, result } = await measured.finally(() => candidate.close());
      base ??= result;
      baseCost ??= cost;
      const same = model === OPTIONS[0]!.model;
      const off = same ? difference(base, result) : undefined;
      rows.push({ option, weights: weights.kind, cost, timesAsFast: baseCost.cpu / cost.cpu, difference: off });
    } finally {
      await weights.remove();
    }
  }
  return rows;
}
