import type { Part } from '@rotokit/models';

/** What a candidate of the neural benchmark is asked for, one word a line: a part, a plain matrix product, a tracked frame, its result. */
export type Question = Part | 'gemm' | 'frame' | 'result';

/** What one run took: milliseconds of processor time and of the clock, and the peak of the process's resident memory so far in MB. */
export interface Cost {
  readonly cpu: number;
  readonly wall: number;
  readonly rss: number;
}

/** The last tracked frame: float32 numbers in base64, so that a line of JSON carries them. */
export interface Result {
  /** Conditioned features, [grid², hidden]. */
  readonly features: string;
  /** Logits of the chosen mask, [side, side]. */
  readonly mask: string;
  readonly side: number;
}

/** The first line of a candidate, when it is ready: milliseconds for the runtime and for opening the graphs. */
export interface Ready {
  readonly runtime: number;
  readonly opening: number;
  readonly rss: number;
}

/** How our own candidate is started: one argument of JSON. */
export interface Setup {
  readonly model: string;
  readonly weights: string;
  readonly threads: number;
  readonly prepack: boolean;
  /** Frames that are remembered. */
  readonly frames: number;
  /** Side of the input in pixels. */
  readonly side: number;
  readonly eightBit: boolean;
}

/** The parts of a tracked frame in order. */
export const FRAME_PARTS = ['encode', 'orient', 'attend', 'decode', 'memorise'] as const;

/** The matrix product that every candidate is timed with: `times` products of [rows, width] by [width, width], one behind the other. */
export const GEMM = { rows: 4096, width: 2048, times: 3 } as const;

/** Floating-point operations of that. */
export const gemmFlops = (): number => GEMM.times * 2 * GEMM.rows * GEMM.width ** 2;
