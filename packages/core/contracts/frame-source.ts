import type { FrameSource } from '@rotokit/core/ports';
import { channelsOf, type FrameIndex, frameIndex, frameRange, isRotokitError } from '@rotokit/core/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What the contract test of `FrameSource` needs to know of an adapter. */
export interface FrameSourceCase {
  /** Opens a clip of at least 4 readable frames that differ from one another; each call opens anew. */
  readonly open: () => Promise<FrameSource>;
  /** What the case needs and does not find here, and how to get it; then every test is skipped and says so. */
  readonly skip?: string | undefined;
}

/** The one contract test of the port `FrameSource`: every adapter and the fake run it. */
export function frameSourceContract(name: string, { open, skip }: FrameSourceCase): void {
  describe.skipIf(skip !== undefined)(
    `${name} keeps the contract of FrameSource${skip ? ` [needs ${skip}]` : ''}`,
    () => {
      let source: FrameSource;
      let whole: ReturnType<typeof frameRange>;
      beforeAll(async () => {
        source = await open();
        whole = frameRange(0, source.info.frames);
      });
      afterAll(() => source?.close());

      const collect = async (step: 1 | -1, range = whole) => {
        const seen = new Map<number, Uint8Array>();
        for await (const f of source.frames(range, { step })) seen.set(f.index, f.picture.samples);
        return seen;
      };

      it('gives pictures of the size its info says, in every format', async () => {
        const { width, height } = source.info.size;
        for (const format of ['rgb8', 'rgba16', 'rgbaf'] as const) {
          const { picture, index } = await source.read(frameIndex(1), format);
          expect([index, picture.width, picture.height, picture.format]).toEqual([1, width, height, format]);
          expect(picture.samples.length).toBe(width * height * channelsOf(format));
        }
      });

      it('gives the same picture at random, forwards and backwards', async () => {
        const forwards = await collect(1);
        const backwards = await collect(-1);
        expect([...forwards.keys()]).toEqual([...Array(source.info.frames).keys()]);
        expect([...backwards.keys()]).toEqual([...forwards.keys()].reverse());
        const last = source.info.frames - 1;
        for (const i of [0, last, 1, last - 1, Math.floor(last / 2), 0]) {
          const { picture } = await source.read(frameIndex(i));
          expect(Buffer.compare(picture.samples, forwards.get(i)!)).toBe(0);
          expect(Buffer.compare(picture.samples, backwards.get(i)!)).toBe(0);
        }
        expect(Buffer.compare(forwards.get(0)!, forwards.get(last)!)).not.toBe(0);
      });

      it('answers overlapping reads, each with its own frame', async () => {
        const order = [3, 0, 2, 0, 1, 3];
        const frames = await Promise.all(order.map((i) => source.read(frameIndex(i))));
        expect(frames.map((f) => f.index)).toEqual(order);
      });

      it('hands out samples that stay as they are, whoever writes into others', async () => {
        const first = await source.read(frameIndex(0));
        const kept = first.picture.samples.slice();
        first.picture.samples.fill(7);
        for (let i = 1; i < 4; i++) await source.read(frameIndex(i));
        expect(Buffer.compare((await source.read(frameIndex(0))).picture.samples, kept)).toBe(0);
      });

      it('walks a part of the clip, and nothing for an empty range', async () => {
        expect([...(await collect(1, frameRange(1, 3))).keys()]).toEqual([1, 2]);
        expect([...(await collect(-1, frameRange(1, 3))).keys()]).toEqual([2, 1]);
        expect((await collect(1, frameRange(2, 2))).size).toBe(0);
      });

      it('refuses a frame outside the clip with FRAME_OUTSIDE, in the numbers people see', async () => {
        const { first, frames } = source.info;
        const error = await source.read(frames as FrameIndex).catch((e: unknown) => e);
        expect(isRotokitError(error) && error.code).toBe('FRAME_OUTSIDE');
        expect((error as Error).message).toContain(`${first + frames}`);
      });

      it('refuses an index that is not a whole number of at least 0 as the caller’s mistake', async () => {
        await expect(source.read(-1 as FrameIndex)).rejects.toThrow(RangeError);
        await expect(source.read(0.5 as FrameIndex)).rejects.toThrow(RangeError);
      });

      it('ends a walk with the reason of the signal, and can be read afterwards', async () => {
        const stop = new AbortController();
        const reason = new Error('enough');
        const walk = (async () => {
          for await (const f of source.frames(whole, { signal: stop.signal })) if (f.index === 1) stop.abort(reason);
        })();
        await expect(walk).rejects.toBe(reason);
        expect((await source.read(frameIndex(2))).index).toBe(2);
      });

      it('can be left in the middle of a walk', async () => {
        for await (const f of source.frames(whole)) if (f.index === 1) break;
        expect((await source.read(frameIndex(0))).index).toBe(0);
      });

      it('closes after what was asked before, keeps frames handed out, and refuses later reads', async () => {
        const own = await open();
        const asked = own.read(frameIndex(1));
        const frame = await own.read(frameIndex(0));
        const kept = frame.picture.samples.slice();
        await asked;
        await own.close();
        expect(Buffer.compare(frame.picture.samples, kept)).toBe(0);
        await expect(own.read(frameIndex(0))).rejects.toThrow(TypeError);
      });
    },
  );
}
