import { discMask, discsSource } from '@rotokit/core/contracts/engine';
import { frameIndex, maskAt, objectId } from '@rotokit/core/values';
import { gridOf } from '@rotokit/models';
import { describe, expect, it } from 'vitest';
import { tidied } from '../src/index.js';
import { seeded } from './support/facts.js';
import { SCRIPTED, scriptedEngine } from './support/scripted-inference.js';

/** A picture of `#` and `.` as logits. */
const drawn = (...rows: string[]) => Float32Array.from([...rows.join('')].map((c) => (c === '#' ? 5 : -5)));
const shown = (logits: Float32Array, side: number) =>
  Array.from({ length: side }, (_, y) =>
    [...logits.subarray(y * side, (y + 1) * side)].map((v) => (v > 0 ? '#' : '.')).join(''),
  );

describe('small pieces', () => {
  const picture = ['######..', '#.##.#..', '##.###..', '######..', '........', '.#....#.', '..#.....', '........'];

  it('are filled and taken away up to their number of cells, corners counting as touching', () => {
    const logits = drawn(...picture);
    expect(shown(tidied(logits, 8, { holes: 1, islands: 0 }), 8)[1]).toBe('#.####..');
    expect(shown(tidied(logits, 8, { holes: 2, islands: 1 }), 8)).toEqual([
      ...['######..', '######..', '######..', '######..', '........', '.#......', '..#.....', '........'],
    ]);
    expect(shown(tidied(logits, 8, { holes: 0, islands: 2 }), 8).slice(4)).toEqual(Array(4).fill('........'));
    expect(logits).toEqual(drawn(...picture));
    expect(tidied(logits, 8, { holes: 0, islands: 0 })).toBe(logits);
    expect([...tidied(drawn('#.', '##'), 2, { holes: 8, islands: 0 })]).toEqual([5, Math.fround(0.1), 5, 5]);
  });

  it('are those that a flood from every cell finds', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const [random, side] = [seeded(seed), 5 + (seed % 9)];
      const logits = Float32Array.from({ length: side * side }, () => random() - 0.2 - 0.6 * (seed / 30));
      const area = (start: number) => {
        const seen = new Set([start]);
        for (const at of seen)
          for (let dy = -1; dy <= 1; dy++)
            for (let dx = -1; dx <= 1; dx++) {
              const [x, y] = [(at % side) + dx, Math.floor(at / side) + dy];
              const next = y * side + x;
              if (x < 0 || y < 0 || x >= side || y >= side) continue;
              if (logits[next]! > 0 === logits[start]! > 0) seen.add(next);
            }
        return seen.size;
      };
      const expected = logits.map((v, i) => (area(i) <= (v > 0 ? 2 : 3) ? (v > 0 ? -0.1 : 0.1) : v));
      expect(tidied(logits, side, { holes: 3, islands: 2 })).toEqual(expected);
    }
  });

  it('of an answer are gone from what is shown and stay in what is remembered; the record says so', async () => {
    const side = 4 * gridOf(SCRIPTED);
    const logits = new Float32Array(side * side).fill(8);
    logits[5 * side + 5] = -8;
    const remembered: number[] = [];
    const script = {
      logits: () => logits,
      onRun: (part: string, inputs: { mask?: { data: ArrayLike<unknown> } }) => {
        if (part === 'memorise') remembered.push(Number(inputs.mask!.data[5 * side + 5]));
      },
    };
    const red = objectId('red');
    const lit = async (more: object) => {
      const { engine } = scriptedEngine(script, more);
      const session = await engine.open(discsSource());
      const objects = [{ object: red, mask: discMask(red, 0), priority: 1 }];
      const walk = { from: frameIndex(0), to: frameIndex(1), objects, overlap: 'allowed' } as const;
      let value = -1;
      for await (const frame of session.propagate(walk)) value = maskAt(frame.objects[0]!.mask, 55, 41);
      await session.close();
      const { holes, islands } = engine.provenance;
      return [value > 32768, holes, islands];
    };
    expect(await lit({})).toEqual([true, 8, 0]);
    expect(await lit({ tidying: { holes: 0 } })).toEqual([false, 0, 0]);
    expect([remembered[1], remembered[3]]).toEqual([-8, -8]);
    expect(() => scriptedEngine({}, { tidying: { islands: 0.5 } })).toThrow(/tidying\.islands/);
  });
});
