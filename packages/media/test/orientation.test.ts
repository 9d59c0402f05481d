import { describe, expect, it } from 'vitest';
import { geometry } from '../src/picture/geometry.js';
import { orient, orientationOf, UPRIGHT } from '../src/picture/orientation.js';

/** A display matrix from its four turning entries. */
function matrix(a: number, b: number, c: number, d: number): Buffer {
  const bytes = Buffer.alloc(36);
  for (const [i, v] of [a, b, 0, c, d].entries()) bytes.writeInt32LE(v * 65536, i * 4);
  bytes.writeInt32LE(2 ** 30, 32);
  return bytes;
}

// a b
// c d   as one picture of two by two pixels, one channel.
const turned = (m: Buffer) => {
  const o = orientationOf(m);
  return String.fromCharCode(...orient(Buffer.from('abcd'), 2, 2, 2, 1, o, new Uint8Array(4)));
};

describe('display matrices', () => {
  it.each([
    ['upright', [1, 0, 0, 1], 'abcd', 0],
    ['a phone held upright: a quarter clockwise', [0, 1, -1, 0], 'cadb', -90],
    ['a quarter counterclockwise', [0, -1, 1, 0], 'bdac', 90],
    ['upside down', [-1, 0, 0, -1], 'dcba', -180],
    ['mirrored left to right', [-1, 0, 0, 1], 'badc', -180],
    ['mirrored top to bottom', [1, 0, 0, -1], 'cdab', 0],
    ['mirrored along the diagonal', [0, 1, 1, 0], 'acbd', -90],
    ['mirrored along the other diagonal', [0, -1, -1, 0], 'dbca', 90],
  ])('%s', (_, [a, b, c, d], expected, degrees) => {
    expect(turned(matrix(a, b, c, d))).toBe(expected);
    expect(orientationOf(matrix(a, b, c, d)).degrees).toBe(degrees);
  });

  it('apply quarter turns only, and say when there is more', () => {
    expect(orientationOf(matrix(0.96, 0.26, -0.26, 0.96))).toMatchObject({ transpose: false, oblique: true });
  });

  it('are ignored when they make no sense', () => {
    expect(orientationOf(Buffer.alloc(36))).toEqual(UPRIGHT);
    expect(orientationOf(Buffer.alloc(8))).toEqual(UPRIGHT);
  });
});

describe('the displayed size', () => {
  const coded = { width: 720, height: 480 };
  it('grows for pixels that are not square, then turns', () => {
    expect(geometry(coded, { num: 2, den: 1 }, UPRIGHT).displayed).toEqual({ width: 1440, height: 480 });
    expect(geometry(coded, { num: 8, den: 9 }, UPRIGHT).displayed).toEqual({ width: 720, height: 540 });
    const quarter = orientationOf(matrix(0, 1, -1, 0));
    expect(geometry(coded, { num: 2, den: 1 }, quarter).displayed).toEqual({ width: 480, height: 1440 });
  });

  it('stays when the pixels are square within half a percent, or absurd', () => {
    for (const [num, den] of [
      [1280, 1281],
      [0, 1],
      [1, 0],
      [1000, 1],
    ]) {
      expect(geometry(coded, { num, den }, UPRIGHT).displayed).toEqual(coded);
    }
  });
});
