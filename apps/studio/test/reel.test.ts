import { describe, expect, it } from 'vitest';
import { Reel } from '../src/pictures/reel.js';

/** A reel over a server whose picture of a frame is ten bytes of its number; `missing` ones are not ready. */
function reelOver({ limit = 1000, missing = [] as number[], fail = false } = {}) {
  const asked: string[] = [];
  const picture = (frame: number) => new Uint8Array(10).fill(frame);
  const reel = new Reel(limit, {
    async one(frame) {
      asked.push(`one ${frame}`);
      return picture(frame);
    },
    async pack(frame, count) {
      asked.push(`pack ${frame}+${count}`);
      if (fail) throw new Error('the server is gone');
      const parts = Array.from({ length: count }, (_, i) =>
        missing.includes(frame + i) ? [] : [...picture(frame + i)],
      );
      return Uint8Array.from(parts.flatMap((bytes) => [bytes.length, 0, 0, 0, ...bytes]));
    },
  });
  const settled = async () => {
    for (let n = -1; n !== asked.length; await new Promise((r) => setTimeout(r, 5))) n = asked.length;
  };
  return { reel, asked, settled };
}

const { signal } = new AbortController();

describe('the reel of pictures for playing', () => {
  it('fetches packs in the order of the wish, and nothing that is here', async () => {
    const { reel, asked, settled } = reelOver();
    reel.fill([
      [5, 6, 7],
      [1, 2],
    ]);
    await settled();
    expect(asked).toEqual(['pack 5+3', 'pack 1+2']);
    expect([...(await reel.bytes(6, signal))]).toEqual(new Array(10).fill(6));
    reel.fill([[5, 6], [1]]);
    await settled();
    expect(asked).toHaveLength(2);
    await reel.bytes(9, signal);
    await reel.bytes(9, signal);
    expect(asked.slice(2)).toEqual(['one 9']);
  });

  it('leaves a wish for a newer one', async () => {
    const { reel, asked, settled } = reelOver();
    reel.fill([[1], [2], [3]]);
    reel.fill([[8]]);
    await settled();
    expect(asked).toEqual(['pack 1+1', 'pack 8+1']);
  });

  it('stops where as much is here as is kept, so that what comes later drives nothing out that was wanted sooner', async () => {
    const { reel, asked, settled } = reelOver({ limit: 45 });
    reel.fill([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
    await settled();
    expect(asked).toEqual(['pack 1+2', 'pack 3+2']);
    expect([1, 2, 3, 4].every((f) => reel.has(f))).toBe(true);
  });

  it('keeps nothing of frames that were not ready after all, and gives up quietly without a server', async () => {
    const some = reelOver({ missing: [2] });
    some.reel.fill([[1, 2, 3]]);
    await some.settled();
    expect([1, 2, 3].map((f) => some.reel.has(f))).toEqual([true, false, true]);
    const none = reelOver({ fail: true });
    none.reel.fill([[1], [2]]);
    await none.settled();
    expect(none.asked).toEqual(['pack 1+1']);
    some.reel.close();
    expect(some.reel.size).toBe(0);
  });
});
