import {
  applyDiff,
  composeDiffs,
  diffRecords,
  isNoChange,
  type RotoRecord,
  reverseDiff,
  sameJson,
} from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';

const a = { id: 'a', type: 't', n: 1 };
const a2 = { id: 'a', type: 't', n: 2 };
const b = { id: 'b', type: 't', list: [1, { x: null }] };
const c = { id: 'c', type: 't' };
const mapOf = (...records: RotoRecord[]) => new Map(records.map((r) => [r.id, r]));
const sorted = (m: ReadonlyMap<string, RotoRecord>) => [...m.values()].sort((p, q) => (p.id < q.id ? -1 : 1));

describe('a change of records', () => {
  it('leads there, and its reverse leads back', () => {
    const [before, after] = [mapOf(a, b), mapOf(a2, c)];
    const diff = diffRecords(before, after);
    expect(sorted(applyDiff(before, diff))).toEqual(sorted(after));
    expect(sorted(applyDiff(after, reverseDiff(diff)))).toEqual(sorted(before));
    expect(sorted(before)).toEqual([a, b]);
  });

  it('composes: two in a row are one', () => {
    const states = [mapOf(a), mapOf(a2, b), mapOf(b, c), mapOf(a, c), mapOf(a)];
    for (let i = 0; i + 2 < states.length; i++) {
      const both = composeDiffs(diffRecords(states[i], states[i + 1]), diffRecords(states[i + 1], states[i + 2]));
      expect(sorted(applyDiff(states[i], both))).toEqual(sorted(states[i + 2]));
    }
    expect(isNoChange(composeDiffs(diffRecords(mapOf(a), mapOf(b)), diffRecords(mapOf(b), mapOf(a))))).toBe(true);
  });

  it('refuses records that it was not made for', () => {
    const diff = diffRecords(mapOf(a), mapOf(a2));
    expect(() => applyDiff(mapOf(), diff)).toThrow(/record a is not what/);
    expect(() => applyDiff(mapOf(a2), diff)).toThrow(RangeError);
    expect(() => applyDiff(mapOf(a), diffRecords(mapOf(), mapOf(a)))).toThrow(/there already/);
  });

  it('compares values, not their order or their absence written out', () => {
    expect(sameJson({ x: 1, y: [2, null] }, { y: [2, null], x: 1 })).toBe(true);
    expect(sameJson({ x: undefined } as never, {})).toBe(true);
    expect(sameJson({ x: null }, {})).toBe(false);
    expect(sameJson([1], { 0: 1 })).toBe(false);
    expect(sameJson([1, 2], [1])).toBe(false);
  });
});
