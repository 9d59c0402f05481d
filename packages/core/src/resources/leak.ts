/** Memory at one moment of a history: bytes of each kind or holder by name. */
export interface MemorySample {
  readonly at: number;
  readonly bytes: Readonly<Record<string, number>>;
}

/** What a history says about leaks. */
export type LeakVerdict =
  | { readonly kind: 'unknown'; readonly samples: number; readonly wanted: number }
  | { readonly kind: 'steady' }
  | {
      readonly kind: 'growing';
      /** The kind or holder that grows most. */
      readonly what: string;
      /** Bytes by which its floor rose over the part that was looked at. */
      readonly growth: number;
      /** Bytes a sample, the slope of the floor. */
      readonly perSample: number;
    };

const PARTS = 6;
const SAMPLES = 30;

/**
 * Looks for a leak. Garbage makes memory go up and down, so only its floor counts: the first quarter of the samples is left out (things
 * warm up), the rest is cut into six parts, and a leak is a least value that rises from every part to the next, by `least` bytes in all, the
 * second half by at least half as much as the first (what fills a cache levels off).
 */
export function findLeak(samples: readonly MemorySample[], least = 16e6): LeakVerdict {
  if (samples.length < SAMPLES) return { kind: 'unknown', samples: samples.length, wanted: SAMPLES };
  const rest = samples.slice(samples.length >> 2);
  let worst: LeakVerdict = { kind: 'steady' };
  for (const what of Object.keys(rest[0]?.bytes ?? {})) {
    const floor = floorOf(rest.map((s) => s.bytes[what] ?? 0));
    const rises = floor.slice(1).map((v, i) => v - (floor[i] as number));
    const growth = (floor.at(-1) as number) - (floor[0] as number);
    const middle = floor[PARTS >> 1] as number;
    const early = middle - (floor[0] as number);
    const late = (floor.at(-1) as number) - middle;
    if (growth < least || rises.some((r) => r <= 0) || late * (PARTS >> 1) < (early * (PARTS - 1 - (PARTS >> 1))) / 2)
      continue;
    if (worst.kind === 'growing' && worst.growth >= growth) continue;
    worst = { kind: 'growing', what, growth, perSample: (growth * PARTS) / (rest.length * (PARTS - 1)) };
  }
  return worst;
}

/** The least value of each of six parts. */
function floorOf(values: readonly number[]): readonly number[] {
  const cut = (part: number) => Math.floor((part * values.length) / PARTS);
  return Array.from({ length: PARTS }, (_, p) => Math.min(...values.slice(cut(p), cut(p + 1))));
}
