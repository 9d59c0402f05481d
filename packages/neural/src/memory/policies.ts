import { DAM_SETTINGS, damPolicy } from './dam.js';
import { DECAYING_SETTINGS, decayingPolicy } from './decaying.js';
import type { MemoryPolicy } from './policy.js';
import { SAM2_SETTINGS, sam2Policy } from './sam2.js';
import { SAMURAI_SETTINGS, samuraiPolicy } from './samurai.js';

/** A policy by name, its thresholds with their defaults and bounds: what help texts and checks are made of. */
export interface PolicyCard {
  readonly name: string;
  readonly summary: string;
  readonly defaults: Readonly<Record<string, number>>;
  make(settings: Readonly<Record<string, number>>): MemoryPolicy;
}

const card = <S extends object>(
  name: string,
  summary: string,
  defaults: S,
  make: (settings: Partial<S>) => MemoryPolicy,
): PolicyCard => ({
  ...{ name, summary },
  defaults: defaults as unknown as Readonly<Record<string, number>>,
  make: (settings) => make(settings as Partial<S>),
});

/** The policies there are, in the order to show them. */
export const POLICIES: readonly PolicyCard[] = [
  card('sam2', 'prompted frames and the last six, as the reference', SAM2_SETTINGS, sam2Policy),
  card(
    'samurai',
    'motion has a say in the choice; frames are remembered for their scores',
    SAMURAI_SETTINGS,
    samuraiPolicy,
  ),
  card('dam', 'recent frames, and anchors on which a look-alike was rejected', DAM_SETTINGS, damPolicy),
  card('bank', 'a limited bank with key frames and scores that decay', DECAYING_SETTINGS, decayingPolicy),
];

/** Settings that may be below 0. */
const SIGNED = new Set(['minObjectScore', 'memoryObjectScore', 'memoryMotion']);
/** Settings that are shares or probabilities. */
const SHARE = /(Iou|Weight|Confidence|Decay|Apart)$/;
/** Settings that count frames. */
const COUNT = /(Frames|Stride|Gap|Search)$/;

/** Counts of frames that may be 0, with a meaning of its own. */
const MAY_BE_ZERO = new Set(['promptedFrames', 'maxKeyFrames', 'keyFrameGap', 'anchorGap']);

function checkSetting(path: string, key: string, value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`${path} must be a number, got ${value}`);
  if (!SIGNED.has(key) && value < 0) throw new RangeError(`${path} must be at least 0, got ${value}`);
  if (SHARE.test(key) && value > 1) throw new RangeError(`${path} must be at most 1, got ${value}`);
  if (!COUNT.test(key)) return;
  if (!Number.isInteger(value)) throw new RangeError(`${path} must be a whole number, got ${value}`);
  if (value === 0 && !MAY_BE_ZERO.has(key)) throw new RangeError(`${path} must be at least 1, got 0`);
  // What a temporal table has no row for cannot be looked at in its place.
  if (key === 'recentFrames' && value > 6) throw new RangeError(`${path} must be at most 6, got ${value}`);
}

/**
 * A policy by name with some thresholds set. @throws RangeError for an unknown name or threshold, naming those there are, and for a value
 * out of bounds.
 */
export function memoryPolicy(name: string, settings: Readonly<Record<string, number>> = {}): MemoryPolicy {
  const found = POLICIES.find((p) => p.name === name);
  if (!found) throw new RangeError(`policy ${name} is unknown; there are ${POLICIES.map((p) => p.name).join(', ')}`);
  for (const [key, value] of Object.entries(settings)) {
    if (!Object.hasOwn(found.defaults, key))
      throw new RangeError(`policy ${name} has no ${key}; it has ${Object.keys(found.defaults).join(', ')}`);
    checkSetting(`${name}.${key}`, key, value);
  }
  return found.make(settings);
}
