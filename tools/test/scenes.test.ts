import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type Assets,
  inventScene,
  type KeyedFootage,
  noAssets,
  type Path,
  type RenderedFrame,
  type Role,
  renderScene,
  type Scene,
} from '../src/scenes/index.js';

const size = { width: 214, height: 120 };
const none = { photos: 0, footage: 0, performers: 0 };

/** A performer that is one grey rectangle of 40 x 60 pixels of a 480-line picture. */
const card: KeyedFootage = {
  width: 60,
  height: 80,
  frames: 2,
  read: () => {
    const out = new Uint8Array(60 * 80 * 4);
    for (let y = 10; y < 70; y++) for (let x = 10; x < 50; x++) out.fill(200, (y * 60 + x) * 4, (y * 60 + x) * 4 + 3);
    for (let y = 10; y < 70; y++) for (let x = 10; x < 50; x++) out[(y * 60 + x) * 4 + 3] = 255;
    return out;
  },
};
const withCard: Assets = { ...noAssets, performers: [card] };

const resting: Path = { x: 0, y: 0, at: 0, vx: 0, vy: 0, yaw: 0 };
const cardRole = (path: Path, object: number): Role => ({
  actor: { kind: 'performer', seed: 3, size: 240, performer: 0, plain: true },
  path,
  parallax: 1,
  object,
});

function scene(roles: readonly Role[], over: Partial<Scene> = {}): Scene {
  return {
    ...size,
    frames: 3,
    seed: 5,
    backdrop: { content: { kind: 'texture', texture: { kind: 'leaves', seed: 2, count: 40 } } },
    backdropParallax: 1,
    camera: { vx: 0, vy: 0 },
    roles,
    sprays: [],
    shutter: { open: 0, samples: 1 },
    light: { x: 0, y: -1, z: 1, contrast: 0.4 },
    finish: { blur: 0, grain: 0, quality: 100, saturation: 1, gainDrift: 0, vignette: 0 },
    ...over,
  };
}

async function render(s: Scene, assets: Assets = noAssets): Promise<RenderedFrame[]> {
  const out: RenderedFrame[] = [];
  for await (const frame of renderScene(s, assets)) out.push(frame);
  return out;
}

const digest = (frames: readonly RenderedFrame[]): string => {
  const hash = createHash('sha256');
  for (const { rgb, masks } of frames) for (const plane of [rgb, ...masks]) hash.update(plane);
  return hash.digest('hex');
};
const cover = (mask: Uint8Array): number => mask.reduce((sum, v) => sum + v / 255, 0);

describe('invented scenes', () => {
  it('are the same pictures for the same seed, also after a way through JSON, and others for another seed', async () => {
    const options = { ...size, frames: 2, level: 3, assets: none } as const;
    const first = inventScene(11, options);
    const again = JSON.parse(JSON.stringify(inventScene(11, options))) as Scene;
    const [a, b, c] = [await render(first), await render(again), await render(inventScene(12, options))];
    expect(digest(b)).toBe(digest(a));
    expect(digest(c)).not.toBe(digest(a));
  });

  it('show their object in motion at every level of difficulty', async () => {
    for (const level of [1, 2, 3, 4] as const) {
      let seen = 0;
      for (let seed = 0; seed < 4; seed++) {
        const frames = await render(inventScene(seed, { ...size, frames: 2, level, assets: none }));
        expect(frames).toHaveLength(2);
        if (cover(frames[0].masks[0]) > 20 && Buffer.compare(frames[0].rgb, frames[1].rgb) !== 0) seen++;
      }
      expect(seen).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('masks', () => {
  it('cover exactly what the object covers', async () => {
    // 40 x 60 pixels of film, 60 of them drawn 240 high on 480 lines: 160 x 240, a quarter of that on 120 lines.
    const [frame] = await render(scene([cardRole(resting, 0)]), withCard);
    expect(cover(frame.masks[0])).toBeCloseTo(40 * 60, -2);
  });

  it('lose what stands in front, object or not, so that no pixel counts twice', async () => {
    const [two] = await render(scene([cardRole(resting, 0), cardRole({ ...resting, x: 80 }, 1)]), withCard);
    const [hidden, whole] = two.masks.map(cover);
    expect(whole).toBeCloseTo(40 * 60, -2);
    expect(hidden).toBeCloseTo(20 * 60, -2);
    for (let i = 0; i < two.masks[0].length; i++) expect(two.masks[0][i] + two.masks[1][i]).toBeLessThanOrEqual(256);
    const [behind] = await render(scene([cardRole(resting, 0), cardRole(resting, -1)]), withCard);
    expect(cover(behind.masks[0])).toBeLessThan(5);
  });

  it('are soft along the path of a moving object while the shutter is open', async () => {
    const path = { ...resting, vx: 40 };
    const blurred = await render(scene([cardRole(path, 0)], { shutter: { open: 1, samples: 16 } }), withCard);
    const sharp = await render(scene([cardRole(path, 0)]), withCard);
    const half = (f: RenderedFrame) => f.masks[0].filter((v) => v > 25 && v < 230).length;
    expect(half(blurred[1])).toBeGreaterThan(half(sharp[1]) + 300);
    expect(cover(blurred[1].masks[0])).toBeCloseTo(cover(sharp[1].masks[0]), -2);
  });

  it('grow with an object that comes nearer', async () => {
    const path = { ...resting, growth: { to: 2, until: 2, horizon: 0 } };
    const frames = await render(scene([cardRole(path, 0)]), withCard);
    expect(cover(frames[2].masks[0]) / cover(frames[0].masks[0])).toBeCloseTo(4, 0);
  });
});

it('a scene that quotes pictures which are not there is refused with a RangeError', async () => {
  await expect(render(scene([cardRole(resting, 0)]))).rejects.toThrow(RangeError);
});
