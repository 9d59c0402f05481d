/** What is known of memory at one moment. Bytes. */
export interface MemoryReading {
  /** Of this process: memory that is really there, code and shared pages included. */
  readonly resident: number;
  /** Of this process: objects of the JavaScript heap. */
  readonly heap: number;
  /** Of this process: buffers outside the heap (pictures, masks, tensors). */
  readonly buffers: number;
  /** What the system can still give without swapping. */
  readonly available: number;
  /** What the machine, or the container this runs in, has in all. */
  readonly total: number;
  /** An accelerator, where there is one. */
  readonly device?: { readonly name: string; readonly used: number; readonly total: number };
}

/** Where readings come from. Must be quick: it is asked between two frames. */
export interface MemoryProbe {
  read(): MemoryReading;
}

/** Milliseconds from any beginning, never going back. */
export type Clock = () => number;

/** How short memory is: at `high` what is easily got again goes, at `critical` everything that can go. */
export type Pressure = 'normal' | 'high' | 'critical';

/** Shares of the limit, 0 to 1, from which pressure is `high` and `critical`. */
export interface PressureThresholds {
  readonly high: number;
  readonly critical: number;
}

/** Pressure falls back only once this share of the limit lies below the threshold, so that it does not flutter. */
const HYSTERESIS = 0.05;

/** The level for a used share of the limit, coming from another level. */
export function pressureAt(used: number, { high, critical }: PressureThresholds, from: Pressure): Pressure {
  const ease = (level: Pressure) => (level === from || (level === 'high' && from === 'critical') ? HYSTERESIS : 0);
  if (used >= critical - ease('critical')) return 'critical';
  return used >= high - ease('high') ? 'high' : 'normal';
}

/** Fills in and checks. @throws RangeError unless 0 < high < critical <= 1. */
export function checkThresholds(given: Partial<PressureThresholds> = {}): PressureThresholds {
  const { high = 0.75, critical = 0.9 } = given;
  if (!(high > 0 && high < critical && critical <= 1))
    throw new RangeError(`thresholds must be 0 < high < critical <= 1, got high ${high}, critical ${critical}`);
  return { high, critical };
}
