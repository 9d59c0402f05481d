import { describe, expect, it } from 'vitest';
import {
  damPolicy,
  decayingPolicy,
  type Follower,
  type LogitBox,
  MemoryBank,
  type MemoryPolicy,
  memoryPolicy,
  POLICIES,
  type Recalled,
  sam2Policy,
  samuraiPolicy,
} from '../src/index.js';
import { type RecordedFrame, recordedFacts } from './support/facts.js';

type Scores = (frame: number, recalled: readonly Recalled[]) => RecordedFrame;

/** Drives a policy as a tracker does, with recorded scores in place of a decoder. */
function drive(policy: MemoryPolicy, frames: number, scores: Scores) {
  const follower: Follower = policy.begin();
  const bank = new MemoryBank<string, null>();
  const add = (frame: number, more: object) =>
    bank.add({ frame, prompted: false, iou: 1, objectScore: 10, present: true, memory: 'm', pointer: null, ...more });
  add(0, { prompted: true });
  const chosen: number[] = [];
  let recalled: readonly Recalled[] = [];
  let most = 0;
  for (let t = 1; t <= frames; t++) {
    recalled = follower.recall(bank, t, 1);
    const recorded = scores(t, recalled);
    const { mask, present, motion, kept } = follower.choose(recordedFacts(recorded));
    const iou = recorded.ious[(mask - 1) as 0 | 1 | 2];
    add(t, {
      iou,
      objectScore: recorded.objectScore,
      present,
      ...(motion === undefined ? {} : { motion }),
      ...(kept ? { kept } : {}),
    });
    const keeps = follower.keeps(bank, t, 1);
    bank.letGo(
      (f) => keeps.has(f),
      () => false,
    );
    most = Math.max(most, bank.size);
    chosen.push(mask);
  }
  return { chosen, recalled, bank, most };
}

const box = (cx: number, w = 30, h = 40): LogitBox => ({ x0: cx - w / 2, y0: 80, x1: cx + w / 2, y1: 80 + h });

/**
 * An object runs to the right, its twin to the left; from 30 to 34 the twin hides half of the object. Candidate 1 is the object, 2 the twin, 3
 * both. Behind the twin the object is less sharp than it: by the network's own estimate the twin is the better answer, unless memory
 * holds a frame on which the two were told apart. The estimates are recorded for both cases.
 */
const meeting: Scores = (t, recalled) => {
  const [object, twin] = [40 + 4 * t, 296 - 4 * t];
  const toldApart = recalled.some((r) => r.why === 'anchor');
  const both: LogitBox = { x0: Math.min(object, twin) - 15, y0: 80, x1: Math.max(object, twin) + 15, y1: 120 };
  if (t < 30) return { ious: [0.9, 0.6, 0.5], objectScore: 6, boxes: [box(object), box(twin), both] };
  if (t < 35) return { ious: [0.55, 0.5, 0.4], objectScore: 1, boxes: [box(object, 15), box(twin), both] };
  const ious = toldApart ? ([0.85, 0.55, 0.5] as const) : ([0.8, 0.86, 0.5] as const);
  return { ious, objectScore: 5, boxes: [box(object), box(twin), both] };
};

describe('an object that passes its look-alike', () => {
  const after = (policy: MemoryPolicy) => new Set(drive(policy, 60, meeting).chosen.slice(34));

  it('is swapped for it by sam2', () => {
    expect(after(sam2Policy())).toEqual(new Set([2]));
  });

  it('is held by samurai, whose motion knows where it went, and not where motion has no weight', () => {
    expect(after(samuraiPolicy())).toEqual(new Set([1]));
    expect(after(samuraiPolicy({ motionWeight: 0 }))).toEqual(new Set([2]));
  });

  it('is held by dam, which kept a frame on which the two were told apart, and not where it may keep none', () => {
    expect(after(damPolicy())).toEqual(new Set([1]));
    expect(after(damPolicy({ anchorFrames: 1 }))).toEqual(new Set([2]));
  });
});

const plain =
  (iou: (t: number) => number, objectScore: (t: number) => number = () => 8): Scores =>
  (t) => ({ ious: [iou(t), 0.1, 0.1], objectScore: objectScore(t), boxes: [box(100), undefined, undefined] });

describe('sam2', () => {
  it('looks at prompted frames and the last six, the newest in row 0, and holds no more', () => {
    const { recalled, most } = drive(
      sam2Policy(),
      20,
      plain(() => 0.9),
    );
    expect(recalled.map((r) => [r.frame, r.row])).toEqual([
      [0, 'prompted'],
      [14, 5],
      [15, 4],
      [16, 3],
      [17, 2],
      [18, 1],
      [19, 0],
    ]);
    expect(most).toBe(7);
  });

  it('takes the nearest prompted frames where they are limited, and others in their place among the last six', () => {
    const follower = sam2Policy({ promptedFrames: 2 }).begin();
    const bank = new MemoryBank<string, null>();
    for (const frame of [0, 10, 18, 30])
      bank.add({ frame, prompted: true, iou: 1, objectScore: 10, present: true, memory: 'm', pointer: null });
    const frames = (at: number) => follower.recall(bank, at, 1).map((r) => [r.frame, r.row]);
    expect(frames(20)).toEqual([
      [18, 'prompted'],
      [30, 'prompted'],
    ]);
    expect(frames(32)).toEqual([
      [30, 'prompted'],
      [18, 'prompted'],
    ]);
    expect(sam2Policy({ promptedFrames: 1 }).begin().recall(bank, 32, 1)).toHaveLength(1);
    bank.add({ frame: 29, prompted: true, iou: 1, objectScore: 10, present: true, memory: 'm', pointer: null });
    expect(
      sam2Policy({ promptedFrames: 1 })
        .begin()
        .recall(bank, 32, 1)
        .map((r) => [r.frame, r.row]),
    ).toEqual([
      [30, 'prompted'],
      [29, 2],
    ]);
  });
});

describe('dam', () => {
  it('looks at recent frames on which the object was seen: the newest, and every fifth', () => {
    const { recalled } = drive(
      damPolicy(),
      24,
      plain(
        () => 0.9,
        (t) => (t >= 21 || t === 15 ? -3 : 5),
      ),
    );
    expect(recalled.filter((r) => r.why === 'recent').map((r) => [r.frame, r.row])).toEqual(
      [
        [5, 3],
        [10, 2],
        [20, 0],
      ].map(([f, row]) => [f, row === 3 ? 2 : row === 2 ? 1 : 0]),
    );
  });

  it('keeps anchors at a distance, of usual size only, and the last of them', () => {
    const grown: Scores = (t) => ({
      ...meeting(Math.min(t, 20), []),
      ...(t > 40 && { ious: [0.7, 0.6, 0.5] as const }),
    });
    const { bank } = drive(damPolicy(), 60, grown);
    const anchors = bank.trackedFrames.filter((f) => bank.tracked(f)!.kept);
    expect(anchors).toHaveLength(4);
    expect(Math.max(...anchors)).toBeLessThanOrEqual(40);
    for (const [i, f] of anchors.slice(1).entries()) expect(f - anchors[i]!).toBeGreaterThan(5);
  });
});

describe('bank', () => {
  it('never holds more than it may, keeps key frames for good and drops the lowest decayed score first', () => {
    const iou = (t: number) => (t === 3 ? 0.95 : t === 20 ? 0.7 : 0.5 + 0.001 * (t % 7));
    const { bank, most, recalled } = drive(decayingPolicy(), 40, plain(iou));
    expect(most).toBeLessThanOrEqual(10);
    expect(recalled.filter((r) => r.why === 'key').map((r) => r.frame)).toEqual([3]);
    // Frame 20 is better than the others by more than twenty frames' decay.
    expect(bank.trackedFrames).toContain(20);
    expect(bank.trackedFrames).toContain(40);
    const held = bank.trackedFrames.filter((f) => f !== 3 && f !== 40);
    const score = (f: number) => iou(f) * 0.98 ** (40 - f);
    const dropped = Array.from({ length: 39 }, (_, i) => i + 1).filter(
      (f) => f !== 3 && !bank.trackedFrames.includes(f),
    );
    expect(Math.min(...held.map(score))).toBeGreaterThan(Math.max(...dropped.map(score)) - 1e-9);
  });

  it('leaves room for new frames however good the old ones are', () => {
    const { recalled, most } = drive(
      decayingPolicy({ maxMemoryFrames: 6 }),
      100,
      plain(() => 0.97),
    );
    expect(most).toBeLessThanOrEqual(6);
    expect(recalled.at(-1)).toMatchObject({ frame: 99, row: 0, why: 'recent' });
    expect(recalled.filter((r) => r.why === 'key')).toHaveLength(4);
  });
});

describe('a policy by name', () => {
  it('has every threshold in what is recorded', () => {
    for (const { name, defaults } of POLICIES) expect(memoryPolicy(name).settings).toEqual(defaults);
    expect(memoryPolicy('samurai', { motionWeight: 0.15 }).settings.motionWeight).toBe(0.15);
    expect(memoryPolicy('bank').settings).toMatchObject({
      maxMemoryFrames: 10,
      keyFrameConfidence: 0.85,
      memoryDecay: 0.98,
    });
  });

  it('is refused with what there is', () => {
    expect(() => memoryPolicy('sam9')).toThrow(/sam9.*sam2, samurai, dam, bank/);
    expect(() => memoryPolicy('dam', { memoryDecay: 1 })).toThrow(/dam has no memoryDecay.*recentFrames/);
    expect(() => memoryPolicy('bank', { memoryDecay: 1.5 })).toThrow(/bank\.memoryDecay must be at most 1/);
    expect(() => memoryPolicy('sam2', { recentFrames: 7 })).toThrow(/at most 6/);
    expect(() => memoryPolicy('sam2', { recentFrames: 2.5 })).toThrow(/whole/);
    expect(() => memoryPolicy('dam', { recentStride: 0 })).toThrow(/at least 1/);
    expect(() => memoryPolicy('samurai', { stableIou: Number.NaN })).toThrow(RangeError);
  });
});
