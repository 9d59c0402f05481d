/**
 * Time as ordinals: a frame is the n-th picture of a clip, never a float second. Timestamps belong to media.
 * Ranges are half-open, as in OpenTimelineIO's `TimeRange` (start included, end excluded).
 */
declare const unit: unique symbol;

/** Position of a picture in its clip, counted from 0. */
export type FrameIndex = number & { readonly [unit]: 'FrameIndex' };

/** Number of a picture as people see it and as files are named: 1001 is the usual first. */
export type FrameNumber = number & { readonly [unit]: 'FrameNumber' };

const ordinal = (name: string, value: number) => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name} must be a whole number, got ${value}`);
  return value;
};

/** Checks and brands a 0-based index. @throws RangeError when it is not a whole number of at least 0. */
export function frameIndex(value: number): FrameIndex {
  if (ordinal('frame index', value) < 0) throw new RangeError(`frame index must be at least 0, got ${value}`);
  return value as FrameIndex;
}

/** Checks and brands a shown number, which may be negative in some pipelines. @throws RangeError when not whole. */
export function frameNumber(value: number): FrameNumber {
  return ordinal('frame number', value) as FrameNumber;
}

/** Frames per second as an exact fraction: 24000/1001, not 23.976. Both parts are positive whole numbers. */
export interface FrameRate {
  readonly num: number;
  readonly den: number;
}

/** An exact rate in lowest terms. @throws RangeError unless both parts are positive whole numbers. */
export function frameRate(num: number, den = 1): FrameRate {
  if (ordinal('rate numerator', num) < 1 || ordinal('rate denominator', den) < 1) {
    throw new RangeError(`a frame rate has positive parts, got ${num}/${den}`);
  }
  let [a, b] = [num, den];
  while (b) [a, b] = [b, a % b];
  return { num: num / a, den: den / a };
}

/** Rates of the trade as numerator and denominator: what a measured or rounded rate is taken for where it is close. */
export const STANDARD_RATES: readonly (readonly [num: number, den: number])[] = [
  [24000, 1001],
  [24, 1],
  [25, 1],
  [30000, 1001],
  [30, 1],
  [48, 1],
  [50, 1],
  [60000, 1001],
  [60, 1],
  [120, 1],
];

/** Frames per second as a float, for display and pacing only. */
export const framesPerSecond = (rate: FrameRate): number => rate.num / rate.den;

/** Frames `start` up to but excluding `end`. Empty when they are equal. */
export interface FrameRange {
  readonly start: FrameIndex;
  readonly end: FrameIndex;
}

/** A half-open range. @throws RangeError when it ends before it starts. */
export function frameRange(start: number, end: number): FrameRange {
  if (end < start) throw new RangeError(`a frame range ends at or after its start, got [${start}, ${end})`);
  return { start: frameIndex(start), end: frameIndex(end) };
}

/** How many frames a range holds. */
export const rangeLength = (r: FrameRange): number => r.end - r.start;

/** Whether a frame lies in a range. */
export const rangeHas = (r: FrameRange, i: FrameIndex): boolean => i >= r.start && i < r.end;

/** The frames of a range in order; `step` -1 walks from the last to the first. */
export function* framesOf(r: FrameRange, step: 1 | -1 = 1): Generator<FrameIndex> {
  for (let n = 0; n < r.end - r.start; n++) yield (step > 0 ? r.start + n : r.end - 1 - n) as FrameIndex;
}

/** How a clip's indices are shown: the first picture has the number `first`. */
export interface Numbering {
  readonly first: FrameNumber;
}

/** The shown number of an index. */
export const numberOf = (n: Numbering, i: FrameIndex): FrameNumber => (n.first + i) as FrameNumber;

/** The index behind a shown number; may lie outside the clip (then negative or too large). */
export const indexOf = (n: Numbering, shown: FrameNumber): FrameIndex => (shown - n.first) as FrameIndex;

/**
 * SMPTE ST 12-1 time code of the n-th frame, non-drop unless the rate is 30000/1001 or 60000/1001 and `drop` is asked.
 * @returns `HH:MM:SS:FF`, or `HH:MM:SS;FF` with drop-frame counting.
 */
export function timecode(frame: number, rate: FrameRate, drop = false): string {
  const base = Math.round(framesPerSecond(rate));
  let n = ordinal('frame', frame);
  if (drop) {
    if (rate.den !== 1001 || base % 30 !== 0)
      throw new RangeError('drop-frame time code exists at 29.97 and 59.94 only');
    const dropped = base / 15;
    const tenMinutes = base * 600 - dropped * 9;
    const minute = base * 60 - dropped;
    const rest = n % tenMinutes;
    n += dropped * 9 * Math.floor(n / tenMinutes);
    if (rest >= base * 60) n += dropped * (1 + Math.floor((rest - base * 60) / minute));
  }
  const two = (v: number) => String(v).padStart(2, '0');
  const [s, m, h] = [Math.floor(n / base) % 60, Math.floor(n / base / 60) % 60, Math.floor(n / base / 3600) % 24];
  return `${two(h)}:${two(m)}:${two(s)}${drop ? ';' : ':'}${two(n % base)}`;
}

/** A moment as time code counts it: `count` frames behind 00:00:00:00, shown with or without numbers left out. */
export interface Timecode {
  readonly count: number;
  /** Drop-frame counting, at 29.97 and 59.94 only. */
  readonly drop: boolean;
}

/** Whether a rate has drop-frame counting. */
const canDrop = (rate: FrameRate): boolean => rate.den === 1001 && Math.round(framesPerSecond(rate)) % 30 === 0;

/** As people write it: `01:02:03:04`, and `01:02:03;04` with drop-frame counting. */
export const timecodeText = ({ count, drop }: Timecode, rate: FrameRate): string => timecode(count, rate, drop);

/** The moment so many frames later. */
export const timecodeAfter = ({ count, drop }: Timecode, frames: number): Timecode => ({ count: count + frames, drop });

/**
 * Reads `HH:MM:SS:FF`, or `HH:MM:SS;FF` (also with a dot) for drop-frame counting. Undefined for what is no time code at this rate: other text, a frame that no second
 * has, a number that drop-frame counting leaves out, drop-frame counting where there is none.
 */
export function parseTimecode(text: string, rate: FrameRate): Timecode | undefined {
  const found = /^(\d\d):([0-5]\d):([0-5]\d)([:;.])(\d\d+)$/.exec(text.trim());
  if (!found) return undefined;
  const base = Math.round(framesPerSecond(rate));
  const [hours, minutes, seconds, frames] = [found[1], found[2], found[3], found[5]].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const drop = found[4] !== ':';
  if (hours > 23 || frames >= base || (drop && !canDrop(rate))) return undefined;
  const count = ((hours * 60 + minutes) * 60 + seconds) * base + frames;
  if (!drop) return { count, drop };
  const dropped = base / 15;
  if (seconds === 0 && frames < dropped && minutes % 10 !== 0) return undefined;
  const whole = hours * 60 + minutes;
  return { count: count - dropped * (whole - Math.floor(whole / 10)), drop };
}
