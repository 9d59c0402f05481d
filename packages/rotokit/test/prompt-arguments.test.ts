import { describe, expect, it } from 'vitest';
import {
  PromptCollector,
  parseBox,
  parseBrush,
  parseClick,
  parseMask,
  parseRange,
} from '../src/command/prompt-arguments.js';

describe('prompts on the command line', () => {
  it('reads a click, a background click and a click on a frame', () => {
    expect(parseClick('412,220').prompt).toEqual({ kind: 'point', positive: true, at: { x: 412, y: 220 } });
    expect(parseClick('-300,90').prompt).toEqual({ kind: 'point', positive: false, at: { x: 300, y: 90 } });
    expect(parseClick('412.5,220@1040')).toEqual({
      frame: 1040,
      prompt: { kind: 'point', positive: true, at: { x: 412.5, y: 220 } },
    });
  });

  it('reads boxes, strokes and mask files, with paths that contain an @', () => {
    expect(parseBox('1,2,30,40@7').prompt).toEqual({ kind: 'box', from: { x: 1, y: 2 }, to: { x: 30, y: 40 } });
    expect(parseBrush('-8:100,90 140,96').prompt).toMatchObject({ kind: 'brush', positive: false, radius: 8 });
    expect(parseMask('a@b/mask.png')).toEqual({ prompt: { kind: 'mask-file', path: 'a@b/mask.png' } });
    expect(parseMask('a@b/mask.png@1040').frame).toBe(1040);
  });

  it.each(['', '412', '412,', 'a,b', '412,220@', '412,220@x', '1e3,2', '--4,5'])(
    'refuses the click %j with the form it expects',
    (text) => {
      expect(() => parseClick(text)).toThrow(/A click is X,Y/);
    },
  );

  it('reads ranges with open ends and refuses backward ones', () => {
    expect(parseRange('1001-1100')).toEqual({ first: 1001, last: 1100 });
    expect(parseRange('1040-')).toEqual({ first: 1040 });
    expect(parseRange('-1100')).toEqual({ last: 1100 });
    expect(() => parseRange('1100-1001')).toThrow(/FIRST-LAST/);
  });

  it('gives prompts to the object named last, and to object1 before any is named', () => {
    const c = new PromptCollector();
    c.add(parseClick('1,2'));
    c.object('dog');
    c.add(parseClick('3,4'));
    c.add(parseClick('-5,6'));
    expect(c.objects.map((o) => [o.name, o.prompts.length])).toEqual([
      ['object1', 1],
      ['dog', 2],
    ]);
    expect(() => c.object('dog')).toThrow(/two objects named dog/);
  });
});
