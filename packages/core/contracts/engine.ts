import { scriptedSource } from '@rotokit/core/fakes';
import type { Engine, EngineSession, FrameSource, FramesOptions, Propagation, TrackedFrame } from '@rotokit/core/ports';
import {
  type FrameRange,
  frameIndex,
  isRotokitError,
  MASK_HALF,
  maskAt,
  maskFromPlane,
  type ObjectId,
  type PictureFormat,
  type PromptKind,
  type SoftMask,
  SRGB,
  sameMask,
  softMask,
  sourcePoint,
} from '@rotokit/core/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Rules that an adapter may be excused from, each with the reason. */
export type EngineExceptions = Partial<Record<'refusal' | 'click' | 'follows', string>>;

const SIZE = { width: 160, height: 120 };
const FRAMES = 8;
const [RED, BLUE] = ['red', 'blue'] as ObjectId[];
const RADIUS = 16;
const WALL = [90, 110, 70];
const COLOURS: Readonly<Record<string, readonly number[]>> = { red: [180, 30, 30], blue: [30, 50, 180] };
/** Centres of two discs that move towards each other and past. */
const centre = (object: ObjectId, frame: number) =>
  object === RED ? { x: 40 + 5 * frame, y: 56 } : { x: 118 - 4 * frame, y: 66 };

/** A hash as texture: the same for the same pixel of the same thing. */
const grain = (x: number, y: number, seed: number) => {
  let h = Math.imul(x * 374761393 + y * 668265263 + seed * 97, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) % 48;
};

const within = (object: ObjectId, frame: number, x: number, y: number) => {
  const c = centre(object, frame);
  return Math.hypot(x + 0.5 - c.x, y + 0.5 - c.y) <= RADIUS;
};

function discsPicture(frame: number) {
  const samples = new Uint8Array(SIZE.width * SIZE.height * 3);
  for (let y = 0, k = 0; y < SIZE.height; y++)
    for (let x = 0; x < SIZE.width; x++, k += 3) {
      const front = [RED, BLUE].find((object) => within(object, frame, x, y));
      const c = front ? centre(front, frame) : { x: 0, y: 0 };
      const g = front ? grain(Math.round(x - c.x), Math.round(y - c.y), front.length) : grain(x >> 1, y >> 1, 7);
      samples.set(
        (front ? COLOURS[front] : WALL).map((v) => v + g),
        k,
      );
    }
  return { format: 'rgb8' as const, ...SIZE, samples, colour: SRGB };
}

/** A clip that tells whether it was closed, and how many walks through it were neither finished nor left. */
export interface WatchedSource extends FrameSource {
  readonly closed: boolean;
  readonly walking: number;
}

/** Two textured discs before a textured wall, 8 frames of 160x120. */
export function discsSource(): WatchedSource {
  const source = scriptedSource({ frames: FRAMES, picture: discsPicture });
  let [closed, walking] = [false, 0];
  async function* frames<F extends PictureFormat = 'rgb8'>(range: FrameRange, options?: FramesOptions<F>) {
    walking++;
    try {
      yield* source.frames(range, options);
    } finally {
      walking--;
    }
  }
  return {
    info: source.info,
    read: (index, format) => source.read(index, format),
    frames,
    close: () => {
      closed = true;
      return source.close();
    },
    get closed() {
      return closed;
    },
    get walking() {
      return walking;
    },
  };
}

/** The true mask of a disc on a frame; the red one lies in front. */
export function discMask(object: ObjectId, frame: number): SoftMask {
  const plane = new Uint16Array(SIZE.width * SIZE.height);
  for (let y = 0, k = 0; y < SIZE.height; y++)
    for (let x = 0; x < SIZE.width; x++, k++)
      if (within(object, frame, x, y) && (object === RED || !within(RED, frame, x, y))) plane[k] = 65535;
  return maskFromPlane(SIZE, plane);
}

const start = (frame: number, objects = [RED, BLUE]) =>
  objects.map((object, i) => ({ object, mask: discMask(object, frame), priority: 10 - i }));

const walkOf = (from: number, to: number, more: Partial<Propagation> = {}): Propagation => ({
  from: frameIndex(from),
  to: frameIndex(to),
  objects: start(from),
  overlap: 'exclusive',
  ...more,
});

async function collect(frames: AsyncIterable<TrackedFrame>): Promise<TrackedFrame[]> {
  const all: TrackedFrame[] = [];
  for await (const f of frames) all.push(f);
  return all;
}

const sameFrames = (a: readonly TrackedFrame[], b: readonly TrackedFrame[]) =>
  a.length === b.length &&
  a.every(
    (f, i) =>
      f.frame === b[i].frame &&
      f.objects.every((o, k) => o.object === b[i].objects[k].object && sameMask(o.mask, b[i].objects[k].mask)) &&
      JSON.stringify(f.objects.map((o) => o.signals)) === JSON.stringify(b[i].objects.map((o) => o.signals)),
  );

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/**
 * What every engine keeps to. `make` builds a fresh engine; the clip it is opened on is two textured discs that pass each
 * other (see {@link discsSource}).
 */
export function engineContract(name: string, make: () => Engine, exceptions: EngineExceptions = {}): void {
  const unless = (rule: keyof EngineExceptions) => (exceptions[rule] ? it.skip : it);
  const excuse = (rule: keyof EngineExceptions) => (exceptions[rule] ? ` (excused: ${exceptions[rule]})` : '');

  describe(`the engine contract: ${name}`, () => {
    let engine: Engine;
    let session: EngineSession;
    let source: WatchedSource;

    beforeEach(async () => {
      engine = make();
      source = discsSource();
      session = await engine.open(source);
    });
    afterEach(() => session.close());

    it('says what it is, what it is made of and what it accepts', () => {
      expect(engine.name).toMatch(/^[\w.-]+$/);
      expect(JSON.parse(JSON.stringify(engine.provenance))).toEqual(engine.provenance);
      expect(Object.values(engine.provenance).every((v) => ['string', 'number'].includes(typeof v))).toBe(true);
      expect(engine.accepts.size).toBeGreaterThan(0);
    });

    it('takes a mask prompt as the answer, bit for bit, for objects in the order given', async () => {
      const soft = discMask(RED, 0);
      soft.values.forEach((v, k) => {
        soft.values[k] = v ? 65535 - (k % 200) : 0;
      });
      const masks = await session.segment(frameIndex(0), [
        { object: BLUE, prompts: [{ kind: 'mask', mask: discMask(BLUE, 0) }] },
        { object: RED, prompts: [{ kind: 'mask', mask: soft }] },
      ]);
      expect(masks).toHaveLength(2);
      expect(sameMask(masks[0], discMask(BLUE, 0))).toBe(true);
      expect(sameMask(masks[1], soft)).toBe(true);
    });

    unless('click')(`puts a clicked pixel inside the mask${excuse('click')}`, async () => {
      const c = centre(RED, 2);
      const [mask] = await session.segment(frameIndex(2), [
        { object: RED, prompts: [{ kind: 'point', at: sourcePoint(c.x, c.y), positive: true }] },
      ]);
      expect(softMask(SIZE, mask.window, mask.values).size).toEqual(SIZE);
      expect(maskAt(mask, Math.floor(c.x), Math.floor(c.y))).toBeGreaterThanOrEqual(MASK_HALF);
    });

    unless('refusal')(`refuses a prompt it does not understand${excuse('refusal')}`, async () => {
      const kinds: PromptKind[] = ['point', 'box', 'brush', 'mask', 'text'];
      const foreign = kinds.find((k) => !engine.accepts.has(k));
      expect(foreign, 'an engine that accepts everything is excused').toBe('text');
      const objects = [{ object: RED, prompts: [{ kind: 'text', text: 'a red disc' } as const] }];
      const error = await outcome(session.segment(frameIndex(0), objects));
      expect(isRotokitError(error) && error.code).toBe('ENGINE_PROMPT_UNSUPPORTED');
    });

    it.each([
      ['forwards', 1, 6, [2, 3, 4, 5, 6]],
      ['backwards', 6, 2, [5, 4, 3, 2]],
      ['nowhere', 3, 3, []],
    ] as const)('walks %s, every frame after the start once and in order', async (_, from, to, frames) => {
      const walked = await collect(session.propagate(walkOf(from, to)));
      expect(walked.map((f) => f.frame)).toEqual(frames);
      for (const { objects } of walked) {
        expect(objects.map((o) => o.object)).toEqual([RED, BLUE]);
        for (const { mask, signals } of objects) {
          expect(softMask(SIZE, mask.window, mask.values).size).toEqual(SIZE);
          for (const v of [signals.score, signals.certainty ?? 1, signals.flowAgreement ?? 1]) {
            expect(v).toBeGreaterThanOrEqual(0);
            expect(v).toBeLessThanOrEqual(1);
          }
          expect(['tracked', 'searching', 'found', 'cut']).toContain(signals.state);
        }
      }
    });

    unless('follows')(`follows a disc in plain view${excuse('follows')}`, async () => {
      const [{ objects }] = (await collect(session.propagate(walkOf(0, 2, { objects: start(0, [RED]) })))).slice(-1);
      const c = centre(RED, 2);
      expect(maskAt(objects[0].mask, Math.floor(c.x), Math.floor(c.y))).toBeGreaterThanOrEqual(MASK_HALF);
      expect(maskAt(objects[0].mask, Math.floor(c.x), Math.floor(c.y - 2 * RADIUS))).toBeLessThan(MASK_HALF);
    });

    it('gives no pixel to two objects unless that is allowed', async () => {
      for (const { objects } of await collect(session.propagate(walkOf(0, 7)))) {
        const [a, b] = objects.map((o) => o.mask);
        let both = 0;
        for (let y = 0; y < SIZE.height; y++)
          for (let x = 0; x < SIZE.width; x++) if (maskAt(a, x, y) >= MASK_HALF && maskAt(b, x, y) >= MASK_HALF) both++;
        expect(both).toBe(0);
      }
    });

    it('gives the same bytes for the same question, in the same session and in another', async () => {
      const ask = (s: EngineSession) => collect(s.propagate(walkOf(0, 4)));
      const first = await ask(session);
      await collect(session.propagate(walkOf(5, 2, { objects: start(5, [BLUE]) })));
      expect(sameFrames(await ask(session), first)).toBe(true);
      const other = await make().open(source);
      const again = await ask(other);
      await other.close();
      expect(sameFrames(again, first)).toBe(true);
    });

    it('gives the same frames on a shorter walk as on a longer one', async () => {
      const long = await collect(session.propagate(walkOf(0, 6)));
      const short = await collect(session.propagate(walkOf(0, 3)));
      expect(sameFrames(short, long.slice(0, 3))).toBe(true);
    });

    it('leaves the masks it was given alone, and those it gave', async () => {
      const walk = walkOf(0, 4);
      const given: TrackedFrame[] = [];
      const copies: SoftMask[][] = [];
      for await (const f of session.propagate(walk)) {
        given.push(f);
        copies.push(f.objects.map(({ mask }) => ({ ...mask, values: mask.values.slice() })));
      }
      expect(walk.objects.every((o) => sameMask(o.mask, discMask(o.object, 0)))).toBe(true);
      expect(given.every((f, i) => f.objects.every((o, k) => sameMask(o.mask, copies[i][k])))).toBe(true);
    });

    it('walks on with an object that is not in the picture', async () => {
      const absent = {
        object: RED,
        mask: softMask(SIZE, { x0: 0, y0: 0, x1: 0, y1: 0 }, new Uint16Array(0)),
        priority: 1,
      };
      const walked = await collect(session.propagate(walkOf(0, 3, { objects: [absent, start(0)[1]] })));
      expect(walked.map((f) => f.objects.map((o) => o.object))).toEqual(Array(3).fill([RED, BLUE]));
    });

    it('ends with the reason of the signal within one frame, and can go on afterwards', async () => {
      const abort = new AbortController();
      const reason = new Error('enough');
      const seen: number[] = [];
      const work = async () => {
        for await (const { frame } of session.propagate(walkOf(0, 7, { signal: abort.signal }))) {
          seen.push(frame);
          if (frame === 2) abort.abort(reason);
        }
      };
      expect(await outcome(work())).toBe(reason);
      expect(seen).toEqual([1, 2]);
      expect(await outcome(collect(session.propagate(walkOf(0, 7, { signal: abort.signal }))))).toBe(reason);
      expect(await outcome(session.segment(frameIndex(0), clickOn(RED, 0), abort.signal))).toBe(reason);
      expect(await collect(session.propagate(walkOf(0, 2)))).toHaveLength(2);
      expect(source.walking).toBe(0);
    });

    it('lets go of the clip when the loop is left', async () => {
      for await (const { frame } of session.propagate(walkOf(0, 7))) if (frame === 2) break;
      expect(source.walking).toBe(0);
      expect(await collect(session.propagate(walkOf(7, 5)))).toHaveLength(2);
    });

    it('passes on what the clip refuses', async () => {
      const error = await outcome(collect(session.propagate(walkOf(6, 9))));
      expect(isRotokitError(error) && error.code).toBe('FRAME_OUTSIDE');
      expect(source.walking).toBe(0);
    });

    it('leaves the clip open for its owner', async () => {
      const other = await engine.open(source);
      await collect(other.propagate(walkOf(0, 1)));
      await other.close();
      expect(source.closed).toBe(false);
      expect((await source.read(frameIndex(3))).index).toBe(3);
    });
  });
}

const clickOn = (object: ObjectId, frame: number) => {
  const { x, y } = centre(object, frame);
  return [{ object, prompts: [{ kind: 'point', at: sourcePoint(x, y), positive: true } as const] }];
};
