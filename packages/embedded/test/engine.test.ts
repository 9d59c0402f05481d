import type { Engine, Propagation, TrackedFrame } from '@rotokit/core/ports';
import { emptyMask, frameIndex, maskAt, objectId, sameMask, size, sourcePoint } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { embeddedEngine, linearFuser, MAP_COUNT, type Observation } from '../src/index.js';
import { type Disc, overlap, type SmallClip, SmallSource, trueMask, truth } from './small-clip.js';

const RED: Disc = { at: (t) => [50 + 3 * t, 60 + t], radius: 26, colour: [190, 70, 50], seed: 11 };
const CLIP: SmallClip = { width: 192, height: 128, frames: 8, discs: [RED] };

const engine = (threads = 0): Engine => embeddedEngine({ threads, fuser: linearFuser() });

async function follow(
  clip: SmallClip,
  task: Partial<Propagation> = {},
  by: Engine = engine(),
): Promise<TrackedFrame[]> {
  const session = await by.open(new SmallSource(clip));
  const from = task.from ?? frameIndex(0);
  const objects = clip.discs.map((_, i) => ({
    ...{ object: objectId(`disc-${i}`), mask: trueMask(clip, i, from), priority: 0 },
  }));
  const frames: TrackedFrame[] = [];
  try {
    const whole = { from, to: frameIndex(clip.frames - 1), objects, overlap: 'exclusive' as const };
    for await (const frame of session.propagate({ ...whole, ...task })) frames.push(frame);
  } finally {
    await session.close();
  }
  return frames;
}

const qualities = (clip: SmallClip, frames: TrackedFrame[], disc = 0): number[] =>
  frames.map((f) => overlap(f.objects[disc].mask, truth(clip, disc, f.frame)));

describe('following', () => {
  it('keeps hold of a moving object', async () => {
    const frames = await follow(CLIP);
    expect(frames.map((f) => f.frame)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(Math.min(...qualities(CLIP, frames))).toBeGreaterThan(0.9);
    for (const f of frames) expect(f.objects[0].signals.state).toBe('tracked');
  });

  it('walks backwards as well', async () => {
    const frames = await follow(CLIP, { from: frameIndex(7), to: frameIndex(4) });
    expect(frames.map((f) => f.frame)).toEqual([6, 5, 4]);
    expect(Math.min(...qualities(CLIP, frames))).toBeGreaterThan(0.9);
  });

  it('delivers nothing when the walk ends where it starts', async () => {
    expect(await follow(CLIP, { to: frameIndex(0) })).toEqual([]);
  });

  it('delivers soft edges around a certain inside', async () => {
    const [{ objects }] = await follow(CLIP, { to: frameIndex(1) });
    const values = objects[0].mask.values;
    expect(values.filter((v) => v > 0 && v < 65535).length).toBeGreaterThan(100);
    expect(maskAt(objects[0].mask, 53, 61)).toBe(65535);
  });

  it.each([
    ['of more lines than the working picture', { width: 640, height: 560 }],
    ['of odd sides', { width: 191, height: 127 }],
    ['smaller than the working picture', { width: 48, height: 40 }],
  ])('follows in clips %s', async (_, sides) => {
    const s = sides.height / 128;
    const disc: Disc = { ...RED, at: (t) => [(50 + 3 * t) * s, (60 + t) * s], radius: 26 * s };
    const clip: SmallClip = { ...CLIP, ...sides, frames: 3, discs: [disc] };
    const frames = await follow(clip);
    expect(frames[1].objects[0].mask.size).toEqual(sides);
    expect(Math.min(...qualities(clip, frames))).toBeGreaterThan(0.85);
  });

  it('keeps hold of an object of a few pixels', async () => {
    const dot: Disc = { ...RED, at: (t) => [40 + 2 * t, 60], radius: 5, colour: [230, 60, 40] };
    const clip: SmallClip = { ...CLIP, frames: 8, discs: [dot] };
    const frames = await follow(clip);
    expect(frames.map((f) => f.objects[0].signals.state)).toEqual(Array(7).fill('tracked'));
    expect(qualities(clip, frames).at(-1)).toBeGreaterThan(0.5);
  });

  it('keeps hold of an object that enters slowly', async () => {
    const entering: Disc = { ...RED, at: (t) => [-18 + 4 * t, 60] };
    const clip: SmallClip = { ...CLIP, frames: 14, discs: [entering] };
    const frames = await follow(clip);
    expect(frames.map((f) => f.objects[0].signals.state)).toEqual(Array(13).fill('tracked'));
    expect(qualities(clip, frames).at(-1)).toBeGreaterThan(0.85);
  });

  it('answers with empty masks for an object that was given none', async () => {
    const mask = emptyMask(size(192, 128));
    const frames = await follow(CLIP, {
      to: frameIndex(2),
      objects: [{ object: objectId('nobody'), mask, priority: 0 }],
    });
    expect(frames.map((f) => f.objects[0].mask.values.length)).toEqual([0, 0]);
    expect(frames[0].objects[0].signals).toEqual({ score: 0, state: 'searching' });
  });

  it('gives the same bytes whatever the number of threads', async () => {
    const [alone, threaded] = [await follow(CLIP, {}, engine(0)), await follow(CLIP, {}, engine(2))];
    for (const [i, f] of alone.entries()) expect(sameMask(f.objects[0].mask, threaded[i].objects[0].mask)).toBe(true);
    expect(alone.map((f) => f.objects[0].signals)).toEqual(threaded.map((f) => f.objects[0].signals));
  });
});

describe('several objects', () => {
  const blue: Disc = { at: (t) => [120 - 3 * t, 70], radius: 24, colour: [60, 80, 190], seed: 12 };
  const crossing: SmallClip = { ...CLIP, frames: 9, discs: [RED, blue] };

  it('never gives a pixel to two of them when overlap is exclusive', async () => {
    const frames = await follow(crossing);
    for (const { objects } of frames) {
      let twice = 0;
      for (let y = 0; y < 128; y++)
        for (let x = 0; x < 192; x++) if (objects.every((o) => maskAt(o.mask, x, y) >= 32768)) twice++;
      expect(twice).toBe(0);
    }
    expect(Math.min(...qualities(crossing, frames, 1))).toBeGreaterThan(0.8);
  });

  it('gives a claim of equal strength to the higher priority', async () => {
    const mask = trueMask(CLIP, 0, 0);
    const objects = [
      { object: objectId('low'), mask, priority: 1 },
      { object: objectId('high'), mask, priority: 2 },
    ];
    const [{ objects: answers }] = await follow(CLIP, { to: frameIndex(1), objects });
    expect(overlap(answers[1].mask, truth(CLIP, 0, 1))).toBeGreaterThan(0.9);
    expect(overlap(answers[0].mask, truth(CLIP, 0, 1))).toBeLessThan(0.1);
  });

  it('lets them share pixels when overlap is allowed', async () => {
    const mask = trueMask(CLIP, 0, 0);
    const objects = [1, 2].map((priority) => ({ object: objectId(`o${priority}`), mask, priority }));
    const [{ objects: answers }] = await follow(CLIP, { to: frameIndex(1), objects, overlap: 'allowed' });
    expect(sameMask(answers[0].mask, answers[1].mask)).toBe(true);
  });

  it('follows one as it would alone while another is far away', async () => {
    const far: Disc = { ...blue, at: (t) => [165, 105 + 0 * t], radius: 14 };
    const together = await follow({ ...CLIP, frames: 4, discs: [RED, far] });
    const alone = await follow(
      { ...CLIP, frames: 4, discs: [RED, far] },
      {
        objects: [{ object: objectId('disc-0'), mask: trueMask(CLIP, 0, 0), priority: 0 }],
      },
    );
    for (const [i, f] of together.entries()) expect(sameMask(f.objects[0].mask, alone[i].objects[0].mask)).toBe(true);
  });
});

describe('an object that hides', () => {
  it('is found again behind a post', async () => {
    const disc: Disc = { at: (t) => [30 + 7 * t, 64], radius: 14, colour: [190, 70, 50], seed: 11 };
    const clip: SmallClip = { width: 256, height: 128, frames: 24, discs: [disc], post: [90, 126] };
    const frames = await follow(clip);
    const states = frames.map((f) => f.objects[0].signals.state);
    expect(states).toContain('searching');
    expect(states).toContain('found');
    expect(qualities(clip, frames).at(-1)).toBeGreaterThan(0.8);
  });
});

describe('a shot that changes', () => {
  const clip: SmallClip = { ...CLIP, frames: 11, cutAt: 3, cutBack: 7 };

  it('empties the masks from the cut on, and goes on where it left when the shot comes back', async () => {
    const frames = await follow(clip);
    const states = frames.map((f) => f.objects[0].signals.state);
    expect(states).toEqual([...Array(2).fill('tracked'), ...Array(4).fill('cut'), ...Array(4).fill('tracked')]);
    expect(frames[3].objects[0].mask.values.length).toBe(0);
    expect(Math.min(...qualities(clip, frames))).toBeGreaterThan(0.85);
  });

  it('takes no flash and no fast pan for a cut', async () => {
    const pan: Disc = { ...RED, at: (t) => [60 + 9 * t, 64] };
    const lit: SmallClip = { ...CLIP, frames: 6, discs: [pan], pan: 7, flashAt: 3 };
    const frames = await follow(lit);
    expect(frames.map((f) => f.objects[0].signals.state)).not.toContain('cut');
  });
});

describe('the walk itself', () => {
  it('stops with the reason of its signal', async () => {
    const session = await engine().open(new SmallSource(CLIP));
    const stop = new AbortController();
    const objects = [{ object: objectId('disc'), mask: trueMask(CLIP, 0, 0), priority: 0 }];
    const task = {
      from: frameIndex(0),
      to: frameIndex(7),
      objects,
      overlap: 'exclusive' as const,
      signal: stop.signal,
    };
    const seen: number[] = [];
    const run = async () => {
      for await (const f of session.propagate(task)) {
        seen.push(f.frame);
        stop.abort(new Error('enough'));
      }
    };
    await expect(run()).rejects.toThrow('enough');
    expect(seen).toEqual([1]);
    await session.close();
  });

  it('releases the frames when the loop is left', async () => {
    const source = new SmallSource(CLIP);
    const session = await engine().open(source);
    const objects = [{ object: objectId('disc'), mask: trueMask(CLIP, 0, 0), priority: 0 }];
    const task = { from: frameIndex(0), to: frameIndex(7), objects, overlap: 'exclusive' as const };
    for await (const _ of session.propagate(task)) break;
    expect(source.open).toBe(0);
    await session.close();
  });

  it('delivers what lies before a frame that cannot be read, then tells of it', async () => {
    const session = await engine().open(new SmallSource({ ...CLIP, broken: 3 }));
    const objects = [{ object: objectId('disc'), mask: trueMask(CLIP, 0, 0), priority: 0 }];
    const task = { from: frameIndex(0), to: frameIndex(7), objects, overlap: 'exclusive' as const };
    const seen: number[] = [];
    const run = async () => {
      for await (const f of session.propagate(task)) seen.push(f.frame);
    };
    await expect(run()).rejects.toThrow('frame 3 is broken');
    expect(seen).toEqual([1, 2]);
    await session.close();
  });

  it('shows the evidence of every followed object to whoever trains on it', async () => {
    const seen: { frame: number; planes: number; area: number }[] = [];
    const observe = ({ frame, evidence: { warped, maps } }: Observation) => {
      const { region, width, height } = warped;
      seen.push({
        frame,
        planes: maps.length / (width * height),
        area: (region.x1 - region.x0) * height - width * height,
      });
      expect(maps.every(Number.isFinite)).toBe(true);
    };
    await follow(CLIP, { to: frameIndex(2) }, embeddedEngine({ threads: 0, fuser: linearFuser(), observe }));
    expect(seen).toEqual([
      { frame: 1, planes: MAP_COUNT, area: 0 },
      { frame: 2, planes: MAP_COUNT, area: 0 },
    ]);
  });
});

describe('prompts', () => {
  const disc = objectId('disc');
  const click = { kind: 'point', at: sourcePoint(51, 61), positive: true } as const;

  it('turns a click into the object under it', async () => {
    const session = await engine().open(new SmallSource(CLIP));
    const [mask] = await session.segment(frameIndex(0), [{ object: disc, prompts: [click] }]);
    expect(overlap(mask, truth(CLIP, 0, 0))).toBeGreaterThan(0.85);
    await session.close();
  });

  it('answers a mask with itself', async () => {
    const session = await engine().open(new SmallSource(CLIP));
    const mask = trueMask(CLIP, 0, 0);
    const [answer] = await session.segment(frameIndex(0), [{ object: disc, prompts: [click, { kind: 'mask', mask }] }]);
    expect(answer).toBe(mask);
    await session.close();
  });

  it('reads nothing again for the next click on a frame, and answers as if asked at once', async () => {
    const source = new SmallSource(CLIP);
    const session = await engine().open(source);
    await session.segment(frameIndex(0), [{ object: disc, prompts: [click] }]);
    const reads = source.reads;
    const more = { kind: 'point', at: sourcePoint(90, 100), positive: false } as const;
    const [mask] = await session.segment(frameIndex(0), [{ object: disc, prompts: [click, more] }]);
    expect(source.reads).toBe(reads);
    await session.close();
    const fresh = await engine().open(new SmallSource(CLIP));
    const [atOnce] = await fresh.segment(frameIndex(0), [{ object: disc, prompts: [click, more] }]);
    expect(sameMask(mask, atOnce)).toBe(true);
    await fresh.close();
  });

  it('refuses words with the code for it', async () => {
    const session = await engine().open(new SmallSource(CLIP));
    const words = [{ object: disc, prompts: [{ kind: 'text', text: 'the red one' } as const] }];
    await expect(session.segment(frameIndex(0), words)).rejects.toMatchObject({ code: 'ENGINE_PROMPT_UNSUPPORTED' });
    await session.close();
  });
});
