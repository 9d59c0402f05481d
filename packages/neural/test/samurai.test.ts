import { describe, expect, it } from 'vitest';
import { BoxFilter, type BoxState, type LogitBox, MemoryBank, SAMURAI_SETTINGS, samuraiPolicy } from '../src/index.js';
import { type RecordedFrame, recordedFacts, seeded } from './support/facts.js';
import { TextbookFilter } from './support/textbook-filter.js';

describe('the box filter', () => {
  it("has a textbook filter's means, velocities and variances within 1e-9", () => {
    let worst = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const random = seeded(seed);
      const start: BoxState = [200 * random(), 200 * random(), 0.3 + random(), 20 + 80 * random()];
      const [ours, theirs] = [new BoxFilter(start), new TextbookFilter(start)];
      for (let t = 0; t < 60; t++) {
        ours.predict();
        theirs.predict();
        if (random() < 0.7) {
          const seen = start.map((v, i) => v + t * (i < 2 ? 2 : 0.001) + random()) as unknown as BoxState;
          ours.update(seen);
          theirs.update(seen);
        }
        const mine = [...ours.state, ...ours.velocity, ...ours.variance];
        const book = [...theirs.mean.flat(), ...theirs.covariance.slice(0, 4).map((row, i) => row[i]!)];
        for (const [i, v] of mine.entries()) worst = Math.max(worst, Math.abs(v - book[i]!));
      }
    }
    expect(worst).toBeLessThan(1e-9);
  });
});

type Corners = readonly [number, number, number, number];

/** The published rules once more, as plainly as they can be said: state in variables, boxes as four numbers, nothing ever forgotten. */
function restated(frames: readonly RecordedFrame[]) {
  const s = SAMURAI_SETTINGS;
  const state = ([x0, y0, x1, y1]: Corners) => [(x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / (y1 - y0 || 1), y1 - y0];
  const overlap = (a: Corners, b: Corners) => {
    const w = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
    const h = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
    const both = w > 0 && h > 0 ? w * h : 0;
    const all = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both;
    return all > 0 ? both / all : 0;
  };
  const argmax = (values: readonly number[]) => values.indexOf(Math.max(...values));
  let filter: TextbookFilter | undefined;
  let stable = 0;
  const kept: { iou: number; score: number; motion: number | undefined }[] = [];
  return frames.map((f, index) => {
    const t = index + 1;
    // Memory, before the frame is looked at: frame 0 was prompted.
    const valid: number[] = [];
    for (let i = t - 1; i > 1; i--) {
      const m = kept[i]!;
      if (m.iou > s.memoryIou && m.score > s.memoryObjectScore && (m.motion === undefined || m.motion > s.memoryMotion))
        valid.unshift(i);
      if (valid.length >= 15) break;
    }
    if (t > 1 && !valid.includes(t - 1)) valid.push(t - 1);
    const memory = valid.slice(-6);
    // The choice.
    const box = (k: number): Corners | undefined => {
      const b = f.objectScore > s.minObjectScore ? f.boxes[k] : undefined;
      return b && [b.x0, b.y0, b.x1, b.y1];
    };
    let best = argmax(f.ious);
    let motion: number | undefined;
    if (!filter || stable === 0) {
      // Without a box there is nothing to begin with.
      filter = box(best) && new TextbookFilter(state(box(best)!));
      stable = filter ? 1 : 0;
    } else if (stable < s.stableFrames) {
      filter.predict();
      if (f.ious[best]! > s.stableIou && box(best)) {
        filter.update(state(box(best)!));
        stable += 1;
      } else stable = 0;
    } else {
      filter.predict();
      const [cx, cy, a, h] = filter.mean.flat() as [number, number, number, number];
      const predicted: Corners = [cx - (a * h) / 2, cy - h / 2, cx + (a * h) / 2, cy + h / 2];
      const agreed = [0, 1, 2].map((k) => (box(k) ? overlap(predicted, box(k)!) : 0));
      best = argmax(f.ious.map((iou, k) => s.motionWeight * agreed[k]! + (1 - s.motionWeight) * iou));
      motion = agreed[best];
      if (f.ious[best]! < s.stableIou || !box(best)) stable = 0;
      else filter.update(state(box(best)!));
    }
    kept[t] = { iou: f.ious[best]!, score: f.objectScore, motion };
    return { mask: best + 1, motion, memory, present: f.objectScore > s.minObjectScore };
  });
}

/** A walk of an object that is sometimes badly seen, sometimes hidden, beside two other boxes. */
function recording(seed: number, frames: number): RecordedFrame[] {
  const random = seeded(seed);
  const [quality, hides] = [random(), 0.1 * random() ** 2];
  let [x, y] = [300 + 100 * random(), 300 + 100 * random()];
  const [dx, dy] = [8 * random() - 4, 8 * random() - 4];
  const box = (cx: number, cy: number): LogitBox => {
    const [w, h] = [20 + 60 * random(), 20 + 60 * random()];
    return { x0: cx - w / 2, y0: cy - h / 2, x1: cx + w / 2, y1: cy + h / 2 };
  };
  return Array.from({ length: frames }, () => {
    [x, y] = [x + dx, y + dy];
    const iou = () => Math.min(1, Math.max(0, quality + 0.5 * (random() - 0.2)));
    const hidden = random() < hides;
    return {
      ious: [iou(), iou(), iou()] as const,
      objectScore: hidden ? -4 * random() : 6 * random() - 0.8,
      boxes: [box(x, y), random() < 0.05 ? undefined : box(600 * random(), 600 * random()), box(x + 40, y)],
    };
  });
}

describe('samurai', () => {
  it('chooses and remembers as an independent reading of its published rules does, forwards and backwards, on 1,000 sequences', () => {
    let [consulted, reset] = [0, 0];
    for (let seed = 1; seed <= 1000; seed++) {
      const frames = recording(seed, 45);
      const expected = restated(frames);
      const step = seed % 2 ? 1 : -1;
      const origin = step > 0 ? 0 : 100;
      const follower = samuraiPolicy().begin();
      const bank = new MemoryBank<string, null>();
      const facts = { prompted: true, iou: 1, objectScore: 10, present: true, memory: 'held', pointer: null };
      bank.add({ ...facts, frame: origin });
      for (const [i, recorded] of frames.entries()) {
        const frame = origin + step * (i + 1);
        const recalled = follower.recall(bank, frame, step);
        const verdict = follower.choose(recordedFacts(recorded));
        const { mask, motion, memory, present } = expected[i]!;
        const said = recalled.filter((r) => r.why === 'recent');
        expect(said.map((r) => [step * (r.frame - origin), r.row])).toEqual(
          memory.map((m, k) => [m, memory.length - 1 - k]),
        );
        expect([verdict.mask, verdict.present, verdict.motion === undefined]).toEqual([
          mask,
          present,
          motion === undefined,
        ]);
        if (motion !== undefined) expect(verdict.motion).toBeCloseTo(motion, 9);
        if (motion !== undefined) consulted++;
        else if (i > 20) reset++;
        bank.add({
          ...{ frame, prompted: false, present, memory: 'held', pointer: null },
          ...{ iou: recorded.ious[(verdict.mask - 1) as 0 | 1 | 2], objectScore: recorded.objectScore },
          ...(verdict.motion === undefined ? {} : { motion: verdict.motion }),
        });
        const keeps = follower.keeps(bank, frame, step);
        bank.letGo(
          (f) => keeps.has(f),
          () => false,
        );
        expect(bank.size).toBeLessThanOrEqual(8);
      }
    }
    // Both branches were met often enough to mean something.
    expect(consulted).toBeGreaterThan(5000);
    expect(reset).toBeGreaterThan(1000);
  });
});
