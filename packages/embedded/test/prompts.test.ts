import { emptyMask, maskFromPlane, size, sourcePoint } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import { labFromRgb } from '../src/primitives/index.js';
import {
  CLICK_MAP,
  CLICK_MAP_COUNT,
  type ClickRound,
  createPrompter,
  type GridPrompt,
  maskOnGrid,
  type Prompter,
  type PromptFlow,
  type PromptPicture,
  type PromptScene,
  promptsOnGrid,
} from '../src/prompts/index.js';
import { randomFrom } from './support/random.js';

const [width, height] = [96, 64];

/** A two-coloured thing (red above, blue below) on grey noise, moving 3 px to the right; its truth beside it. */
function sceneOf(o: { moving?: boolean; two?: boolean } = {}) {
  const random = randomFrom(7);
  const rgb = new Uint8Array(width * height * 3);
  const truth = new Uint8Array(width * height);
  const other = new Uint8Array(width * height);
  const u = new Float32Array(width * height);
  for (let k = 0; k < truth.length; k++) {
    const [x, y] = [k % width, Math.floor(k / width)];
    truth[k] = (x - 36) ** 2 + ((y - 32) * 0.8) ** 2 < 18 ** 2 ? 1 : 0;
    other[k] = o.two && (x - 78) ** 2 + (y - 32) ** 2 < 10 ** 2 ? 1 : 0;
    const colour = truth[k] || other[k] ? (y < 32 ? [190, 60, 50] : [50, 70, 180]) : [120, 125, 110];
    for (let c = 0; c < 3; c++) rgb[k * 3 + c] = colour[c] + random() * 24;
    u[k] = truth[k] ? 3 : 0;
  }
  const flow = o.moving === false ? null : { u, v: new Float32Array(width * height) };
  return { truth, other, picture: { width, height, lab: labFromRgb(rgb), flow } };
}

const click = (x: number, y: number, positive = true): GridPrompt => ({ kind: 'point', at: { x, y }, positive });

function overlap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [both, either] = [0, 0];
  for (let k = 0; k < a.length; k++) {
    if (a[k] && b[k]) both++;
    if (a[k] || b[k]) either++;
  }
  return either ? both / either : 1;
}

/** The scene of a picture that brings its flow. */
const sceneBy = (prompter: Prompter, picture: PromptPicture & { flow: PromptFlow }): PromptScene =>
  prompter.scene(prompter.still(picture), picture.flow);

describe('one click', () => {
  it('on the seam of a moving thing of two colours selects the whole of it', () => {
    const { truth, picture } = sceneOf();
    const prompter = createPrompter();
    const { mask, probability } = prompter.segment(sceneBy(prompter, picture), [click(36, 31.5)]);
    expect(overlap(mask, truth)).toBeGreaterThan(0.9);
    for (let k = 0; k < mask.length; k++) expect(probability[k] > 0.5).toBe(mask[k] === 1);
  });

  it('answers the same each time it is asked', () => {
    const { picture } = sceneOf();
    const [a, b] = [createPrompter(), createPrompter()];
    const other = sceneBy(b, sceneOf({ two: true, moving: false }).picture);
    b.segment(other, [click(78, 32)]);
    expect(b.segment(sceneBy(b, picture), [click(36, 27)])).toEqual(a.segment(sceneBy(a, picture), [click(36, 27)]));
  });

  it('works without motion', () => {
    const { truth, picture } = sceneOf({ moving: false });
    const prompter = createPrompter();
    const scene = sceneBy(prompter, picture);
    const first = prompter.segment(scene, [click(36, 27)]);
    const second = prompter.segment(scene, [click(36, 27), click(36, 40)], first.probability);
    expect(overlap(second.mask, truth)).toBeGreaterThan(0.85);
  });

  it('holds where it was made, also at the very edge of the picture', () => {
    const { picture } = sceneOf();
    const prompter = createPrompter();
    const scene = sceneBy(prompter, picture);
    expect(prompter.segment(scene, [click(-0.4, 63.4)]).mask[63 * width]).toBe(1);
    expect(prompter.segment(scene, [click(36, 27), click(30, 30, false)]).mask[30 * width + 30]).toBe(0);
  });

  it('that is negative, or none at all, selects nothing', () => {
    const { picture } = sceneOf();
    const prompter = createPrompter();
    const scene = sceneBy(prompter, picture);
    expect(prompter.segment(scene, [click(36, 27, false)]).mask.includes(1)).toBe(false);
    expect(prompter.segment(scene, []).mask.includes(1)).toBe(false);
  });
});

describe('a box', () => {
  it('selects what is in it and nothing outside', () => {
    const { truth, picture } = sceneOf({ two: true });
    const prompter = createPrompter();
    const box: GridPrompt = { kind: 'box', from: { x: 16, y: 8 }, to: { x: 56, y: 56 } };
    const { mask } = prompter.segment(sceneBy(prompter, picture), [box]);
    expect(overlap(mask, truth)).toBeGreaterThan(0.85);
    for (let k = 0; k < mask.length; k++) if (k % width > 56) expect(mask[k]).toBe(0);
  });
  it('that does not fit the answer so far is thought about anew', () => {
    const { truth, other, picture } = sceneOf({ two: true });
    const prompter = createPrompter();
    const scene = sceneBy(prompter, picture);
    const wrong = prompter.segment(scene, [click(78, 32)]);
    expect(overlap(wrong.mask, other)).toBeGreaterThan(0.5);
    const box: GridPrompt = { kind: 'box', from: { x: 16, y: 8 }, to: { x: 56, y: 56 } };
    expect(overlap(prompter.segment(scene, [box], wrong.probability).mask, truth)).toBeGreaterThan(0.85);
  });
});

describe('a correction', () => {
  it('adds what the click is on and leaves the rest of the answer alone', () => {
    const { truth, other, picture } = sceneOf({ two: true });
    const prompter = createPrompter();
    const scene = sceneBy(prompter, picture);
    // An answer with a hole in the thing and a notch that nobody complains about.
    const before = Float32Array.from(truth, (v, k) => {
      const [x, y] = [k % width, Math.floor(k / width)];
      return v && !(x > 40 && y > 30) && !(x < 24 && y < 28) ? 0.9 : 0.1;
    });
    const after = prompter.segment(scene, [click(36, 27), click(45, 38)], before);
    expect(after.mask[38 * width + 45]).toBe(1);
    for (let k = 0; k < truth.length; k++) {
      const [x, y] = [k % width, Math.floor(k / width)];
      if (other[k]) expect(after.mask[k]).toBe(0);
      if (x < 24 && y < 24) expect(after.mask[k]).toBe(before[k] > 0.5 ? 1 : 0);
    }
  });

  it('that agrees with the answer changes nothing', () => {
    const { truth, picture } = sceneOf();
    const prompter = createPrompter();
    const before = Float32Array.from(truth);
    expect(overlap(prompter.segment(sceneBy(prompter, picture), [click(36, 27)], before).mask, truth)).toBe(1);
  });

  it('of a mask prompt starts from the mask, whatever was said before it', () => {
    const { truth, picture } = sceneOf();
    const prompter = createPrompter();
    const mask: GridPrompt = { kind: 'mask', plane: Float32Array.from(truth) };
    const { mask: answer } = prompter.segment(sceneBy(prompter, picture), [click(80, 8), mask]);
    expect(overlap(answer, truth)).toBe(1);
  });
});

describe('a brush stroke', () => {
  it('is the object, or is not, along its whole length', () => {
    const { picture } = sceneOf();
    const prompter = createPrompter();
    const path = [
      { x: 30, y: 20 },
      { x: 36, y: 44 },
    ];
    const away: GridPrompt = { kind: 'brush', path, radius: 2, positive: false };
    const { mask } = prompter.segment(sceneBy(prompter, picture), [click(44, 32), away]);
    expect([mask[20 * width + 30], mask[32 * width + 33], mask[44 * width + 36]]).toEqual([0, 0, 0]);
    expect(mask[32 * width + 44]).toBe(1);
  });
});

describe('a network', () => {
  it('sees all evidence twice for a first answer, once for a correction, never for a click that agrees', () => {
    const { truth, picture } = sceneOf();
    const rounds: ClickRound[] = [];
    const network = {
      inputs: CLICK_MAP_COUNT,
      run: (maps: Float32Array, w: number, h: number) =>
        maps.subarray(CLICK_MAP.speed * w * h, (CLICK_MAP.speed + 1) * w * h).map((speed) => 4 * speed - 4),
    };
    const prompter = createPrompter({ network, observe: (r) => rounds.push({ ...r, maps: r.maps.slice() }) });
    const scene = sceneBy(prompter, picture);
    const first = prompter.segment(scene, [click(36, 27)]);
    expect(overlap(first.mask, truth)).toBeGreaterThan(0.9);
    const agreed = prompter.segment(scene, [click(36, 27), click(80, 8, false)], first.probability);
    expect(agreed.mask).toEqual(first.mask);
    expect(rounds).toHaveLength(2);
    prompter.segment(scene, [click(36, 27), click(80, 8)], first.probability);
    const n = scene.width * scene.height;
    const value = (round: number, map: number, k: number) => rounds[round].maps[map * n + k];
    expect(rounds).toHaveLength(3);
    expect(rounds.every((r) => r.maps.every(Number.isFinite) && r.maps.length === CLICK_MAP_COUNT * n)).toBe(true);
    const middle = 16 * scene.width + 18;
    expect([0, 1, 2].map((r) => Math.sign(value(r, CLICK_MAP.estimate, middle)))).toEqual([0, 1, 1]);
    expect([0, 1, 2].map((r) => value(r, CLICK_MAP.correcting, 0))).toEqual([0, 0, 1]);
    expect(value(2, CLICK_MAP.said, 4 * scene.width + 40)).toBe(1);
  });
  it('over other maps is refused', () => {
    expect(() => createPrompter({ network: { inputs: 27, run: () => new Float32Array(0) } })).toThrow(RangeError);
  });
});

describe('prompts in source pixels', () => {
  it('land on the half grid with pixel centres on pixel centres', () => {
    const [source, working] = [size(1708, 960), size(854, 480)];
    const prompts = promptsOnGrid(
      [
        { kind: 'point', at: sourcePoint(2, 2), positive: true },
        { kind: 'brush', path: [sourcePoint(6, 2)], radius: 8, positive: false },
      ],
      source,
      working,
    );
    expect(prompts).toEqual([
      { kind: 'point', at: { x: 0, y: 0 }, positive: true },
      { kind: 'brush', path: [{ x: 1, y: 0 }], radius: 2, positive: false },
    ]);
  });
  it('that are masks become the mean over each pixel of the grid, or the nearest value on a finer one', () => {
    const mask = maskFromPlane(size(4, 2), Uint16Array.of(65535, 0, 0, 0, 65535, 65535, 0, 0));
    expect([...maskOnGrid(mask, size(2, 1))]).toEqual([0.75, 0]);
    expect([...maskOnGrid(mask, size(8, 2)).subarray(0, 4)]).toEqual([1, 1, 0, 0]);
    expect(maskOnGrid(emptyMask(size(4, 2)), size(2, 1)).every((v) => v === 0)).toBe(true);
  });
});
