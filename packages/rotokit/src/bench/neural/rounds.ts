import { anyWeights, graphFlops } from '@rotokit/graph';
import { fastGraph, type VideoModelConfig } from '@rotokit/models';
import { median } from '../median.js';
import type { Candidate } from './candidate.js';
import { pointersBeside } from './inputs.js';
import { type Cost, FRAME_PARTS, gemmFlops } from './wire.js';

/** One line of the comparison. Milliseconds are medians over the rounds. */
export interface PartTimes {
  readonly part: (typeof FRAME_PARTS)[number] | 'frame';
  /** Counted in the graph, in billions. */
  readonly gflop: number;
  readonly ours: Omit<Cost, 'rss'>;
  /** Undefined without a reference, and for what the reference does inside another part. */
  readonly reference: Omit<Cost, 'rss'> | undefined;
  /** Our operations per second of processor time, divided by the matrix product's. */
  readonly shareOfGemm: number;
}

/** A whole comparison. */
export interface NeuralTimes {
  readonly parts: readonly PartTimes[];
  /** Billions of operations per second of processor time in a plain matrix product; and per second of the clock. */
  readonly gemm: { readonly ours: Omit<Cost, 'rss'>; readonly reference: Omit<Cost, 'rss'> | undefined };
  /** Peak resident memory in MB. */
  readonly peak: { readonly ours: number; readonly reference: number | undefined };
  /** What another object adds to a frame. */
  readonly secondObject: Omit<Cost, 'rss'>;
}

const ASKED = ['gemm', ...FRAME_PARTS] as const;
type Asked = (typeof ASKED)[number];
type Round = ReadonlyMap<Asked, Cost>;

/** Asks both candidates in turns, part by part; the first of `rounds + 1` rounds is not counted. */
async function takeTurns(
  candidates: readonly Candidate[],
  rounds: number,
  onRound: (n: number) => void,
): Promise<Round[][]> {
  const taken: Round[][] = candidates.map(() => []);
  for (let n = 0; n <= rounds; n++) {
    onRound(n);
    const now = candidates.map(() => new Map<Asked, Cost>());
    for (const part of ASKED)
      for (const [i, candidate] of candidates.entries()) {
        // The reference's attention begins with what is `orient` here.
        if (i === 0 || part !== 'orient') now[i]!.set(part, await candidate.cost(part));
      }
    if (n > 0) for (const [i, round] of now.entries()) taken[i]!.push(round);
  }
  return taken;
}

const summed = (rounds: readonly Round[], parts: readonly Asked[]): Omit<Cost, 'rss'> => {
  const sum = (round: Round, key: 'cpu' | 'wall') => parts.reduce((s, p) => s + (round.get(p)?.[key] ?? 0), 0);
  return { cpu: median(rounds.map((r) => sum(r, 'cpu'))), wall: median(rounds.map((r) => sum(r, 'wall'))) };
};
const peakOf = (rounds: readonly Round[]) => Math.max(...rounds.flatMap((r) => [...r.values()].map((c) => c.rss)));

/** Times our graphs, beside a reference where there is one, with a bank of `frames`. */
export async function timeRounds(
  config: VideoModelConfig,
  candidates: readonly [ours: Candidate, reference?: Candidate],
  { rounds, frames, onRound }: { readonly rounds: number; readonly frames: number; onRound(n: number): void },
): Promise<NeuralTimes> {
  const [mine, theirs] = (await takeTurns(candidates as readonly Candidate[], rounds, onRound)) as [Round[], Round[]?];
  const side = config.imageSize / 4;
  const symbols = { frames, pointers: pointersBeside(frames), points: 1, height: side, width: side };
  const gflop = (part: (typeof FRAME_PARTS)[number]) => graphFlops(fastGraph(part, config, anyWeights), symbols) / 1e9;
  const rate = (rs: readonly Round[]) => {
    const { cpu, wall } = summed(rs, ['gemm']);
    return { cpu: gemmFlops() / cpu / 1e6, wall: gemmFlops() / wall / 1e6 };
  };
  const line = (part: PartTimes['part'], parts: readonly (typeof FRAME_PARTS)[number][]): PartTimes => {
    const [time, work] = [summed(mine, parts), parts.reduce((s, p) => s + gflop(p), 0)];
    const beside = theirs && part !== 'orient' ? summed(theirs, parts) : undefined;
    return { part, gflop: work, ours: time, reference: beside, shareOfGemm: (1000 * work) / time.cpu / rate(mine).cpu };
  };
  return {
    parts: [...FRAME_PARTS.map((p) => line(p, [p])), line('frame', FRAME_PARTS)],
    gemm: { ours: rate(mine), reference: theirs && rate(theirs) },
    peak: { ours: peakOf(mine), reference: theirs && peakOf(theirs) },
    secondObject: summed(mine, ['attend', 'decode', 'memorise']),
  };
}
