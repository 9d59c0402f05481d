import { type FrameRate, frameRate, STANDARD_RATES } from '@rotokit/core/values';
import type { Stream } from '../native/libav.js';

/** Frames per second of a clip, and whether every frame lasts as long as every other. */
export interface RateFacts {
  readonly rate: FrameRate;
  readonly constant: boolean;
}

/** The rate of a sequence of stills, which have none of their own. */
export const STILLS_RATE: FrameRate = frameRate(24);

/**
 * The rate of a clip from when its frames are shown; the container's claim serves where there is nothing to measure.
 * Constant means: no frame is more than one tick, or a twentieth of a frame, away from an even spacing.
 */
export function rateOf(pts: readonly bigint[], stream: Stream): RateFacts {
  const claimed = claim(stream);
  if (pts.length < 2) return { rate: claimed ?? STILLS_RATE, constant: true };
  const { num, den } = stream.timeBase;
  const count = pts.length - 1;
  const step = Number(pts[count] - pts[0]) / count;
  if (!(step > 0) || !(num > 0) || !(den > 0)) return { rate: claimed ?? STILLS_RATE, constant: false };
  const slack = Math.max(1, step / 20);
  const constant = pts.every((t, i) => Math.abs(Number(t - pts[0]) - i * step) <= slack + 1e-6);
  const measured = den / (num * step);
  // Containers that round times (1 ms in WebM) blur the rate by that much over the whole clip.
  const blur = 1 / (count * step) + 1e-4;
  const near = ([n, d]: readonly [number, number]) => Math.abs(n / d / measured - 1) <= blur;
  const snapped = claimed && STANDARD_RATES.find((r) => off(r, claimed.num / claimed.den) < 5e-5 && near(r));
  const standard = snapped ?? STANDARD_RATES.filter(near).sort((a, b) => off(a, measured) - off(b, measured))[0];
  if (standard) return { rate: frameRate(standard[0], standard[1]), constant };
  const close = claimed && constant && off([claimed.num, claimed.den], measured) < 0.01;
  return { rate: close ? claimed : rational(measured), constant };
}

const off = ([n, d]: readonly [number, number], v: number) => Math.abs(n / d / v - 1);

const rational = (v: number): FrameRate => frameRate(Math.max(1, Math.round(v * 1000)), 1000);

function claim(stream: Stream): FrameRate | undefined {
  for (const r of [stream.avgFrameRate, stream.rFrameRate]) {
    if (r.num > 0 && r.den > 0 && r.num / r.den <= 1000) return frameRate(r.num, r.den);
  }
  return undefined;
}
