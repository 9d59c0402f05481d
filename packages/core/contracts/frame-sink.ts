import type { FrameSink, SinkPicture } from '@rotokit/core/ports';
import { frameNumber, isRotokitError } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';

/** What the contract test of `FrameSink` needs to know of an adapter. */
export interface FrameSinkCase {
  /** Opens a new, empty sink. */
  readonly create: () => Promise<FrameSink>;
  /** A picture this sink takes; those of different `n` differ. */
  readonly picture: (n: number) => SinkPicture;
  /** Whether anything stands under the final name of the sink created last. */
  readonly finalExists: () => Promise<boolean>;
  /** Single files are complete one by one (an image sequence), so finished ones exist before `close`. */
  readonly eachFrameIsFinal: boolean;
  /** What the case needs and does not find here, and how to get it; then every test is skipped and says so. */
  readonly skip?: string | undefined;
}

/** The one contract test of the port `FrameSink`: every adapter and the fake run it. */
export function frameSinkContract(name: string, c: FrameSinkCase): void {
  describe.skipIf(c.skip !== undefined)(
    `${name} keeps the contract of FrameSink${c.skip ? ` [needs ${c.skip}]` : ''}`,
    () => {
      const write = async (sink: FrameSink, count: number, from = 1001) => {
        for (let n = 0; n < count; n++) await sink.write(frameNumber(from + n), c.picture(n));
      };

      it('reports the frames and bytes it left behind', async () => {
        const sink = await c.create();
        await write(sink, 3);
        const report = await sink.close();
        expect(report.frames).toBe(3);
        expect(report.bytes).toBeGreaterThan(0);
        expect(await c.finalExists()).toBe(true);
      });

      it('gives the final name only to what is finished', async () => {
        const sink = await c.create();
        await write(sink, 2);
        expect(await c.finalExists()).toBe(c.eachFrameIsFinal);
        await sink.close();
      });

      it('leaves nothing under the final name after abort', async () => {
        const sink = await c.create();
        await write(sink, 2);
        await sink.abort();
        if (!c.eachFrameIsFinal) expect(await c.finalExists()).toBe(false);
        await expect(write(sink, 1)).rejects.toThrow(TypeError);
        await sink.abort();
      });

      it('keeps what close finished when abort comes afterwards', async () => {
        const sink = await c.create();
        await write(sink, 2);
        await sink.close();
        await sink.abort();
        expect(await c.finalExists()).toBe(true);
      });

      it('refuses another size, and other channels, than the first frame had', async () => {
        const sink = await c.create();
        await write(sink, 1);
        const p = c.picture(1);
        const length = p.width * (p.height + 2) * p.channels;
        const taller = {
          ...p,
          height: p.height + 2,
          samples: new (p.samples.constructor as typeof Uint8Array)(length),
        };
        await expect(sink.write(frameNumber(1002), taller)).rejects.toThrow(RangeError);
        const short = { ...p, samples: p.samples.subarray(1) };
        await expect(sink.write(frameNumber(1002), short)).rejects.toThrow(RangeError);
        await sink.abort();
      });

      it('refuses a number that does not come after the last', async () => {
        const sink = await c.create();
        await write(sink, 2);
        await expect(sink.write(frameNumber(1001), c.picture(0))).rejects.toThrow(RangeError);
        await sink.abort();
      });

      it('refuses to finish without a frame', async () => {
        const sink = await c.create();
        const error = await sink.close().catch((e: unknown) => e);
        expect(error instanceof RangeError || isRotokitError(error)).toBe(true);
        await sink.abort();
      });

      it('queues writes that overlap', async () => {
        const sink = await c.create();
        await Promise.all([0, 1, 2].map((n) => sink.write(frameNumber(1001 + n), c.picture(n))));
        expect((await sink.close()).frames).toBe(3);
      });
    },
  );
}
