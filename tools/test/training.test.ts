import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { linearFuser, MAP, MAP_COUNT } from '@rotokit/embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClipFiles, inventScene, readClip, renderScene, writeClip } from '../src/scenes/index.js';
import { halfTruth } from '../src/train/observe.js';
import { setsOf } from '../src/train/rounds.js';
import { writeSamples } from '../src/train/sample-files.js';
import { meanOf, trainingWalks, walkClip } from '../src/train/walk-clip.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rotokit-training-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A calm scene, small and short. */
async function smallClip(): Promise<ClipFiles> {
  const assets = { photos: 0, footage: 0, performers: 0 };
  const scene = inventScene(4, { width: 320, height: 180, frames: 4, level: 1, assets });
  return writeClip(folder, 'small', scene, renderScene(scene));
}

describe('gathering', () => {
  it('keeps maps and truth of the frames that were walked, in the layout train.py reads', async () => {
    const clip = await smallClip();
    const [{ samples }] = await walkClip(clip, [{ from: 0, to: 3 }], { fuser: linearFuser(), keepEvery: 1 });
    expect(samples.map((s) => s.frame)).toEqual([1, 2, 3]);
    for (const { planes, width, height } of samples) {
      const n = width * height;
      expect(planes).toHaveLength((MAP_COUNT + 1) * n);
      const truth = planes.subarray(MAP_COUNT * n);
      expect(Math.min(...truth)).toBe(0);
      expect(Math.max(...truth)).toBe(4096);
      // Well inside the warped outline there is object, well outside there is none.
      const distance = planes.subarray(MAP.distance * n, (MAP.distance + 1) * n);
      const share = (where: (d: number) => boolean) => {
        const at = [...truth.keys()].filter((k) => where(distance[k]));
        return at.reduce((sum, k) => sum + truth[k] / 4096, 0) / at.length;
      };
      expect(share((d) => d > 2048)).toBeGreaterThan(0.9);
      expect(share((d) => d < -4096)).toBeLessThan(0.1);
    }
    await writeSamples(folder, 'small.0', samples);
    const list = JSON.parse(await readFile(path.join(folder, 'small.0.json'), 'utf8')) as { offset: number }[];
    const values = await readFile(path.join(folder, 'small.0.i16'));
    expect(list[1].offset).toBe(samples[0].planes.length);
    expect(values.length / 2).toBe(samples.reduce((sum, s) => sum + s.planes.length, 0));
    expect(values.readInt16LE(2 * list[1].offset)).toBe(samples[1].planes[0]);
  });

  it('scores instead when nothing is to be kept', async () => {
    const clip = await smallClip();
    const results = await walkClip(clip, [{ from: 0, to: 3 }], { fuser: linearFuser(), keepEvery: 0 });
    expect(results[0].samples).toEqual([]);
    expect(meanOf(results).j).toBeGreaterThan(0.5);
  });

  it('walks forwards first, then backwards or from part-way, inside the clip', () => {
    for (let seed = 0; seed < 40; seed++) {
      const [first, second] = trainingWalks(30, seed);
      expect(first).toEqual({ from: 0, to: 29 });
      expect(Math.abs(second.from - second.to)).toBeGreaterThan(10);
      expect(Math.min(second.from, second.to)).toBeGreaterThanOrEqual(0);
      expect(Math.max(second.from, second.to)).toBeLessThan(30);
    }
  });

  it('never gives the seed of a held-out clip to a round', () => {
    const shop = {
      seed: 1,
      frames: 30,
      work: folder,
      assets: { photos: [], footage: [], performers: [] },
      say: () => {},
    };
    const ranges = [-1, 0, 1, 2].flatMap((round) =>
      setsOf(shop, round, 200).map((s) => [s.seed, s.seed + 10 * s.count]),
    );
    ranges.sort((a, b) => a[0] - b[0]);
    for (let i = 1; i < ranges.length; i++) expect(ranges[i][0]).toBeGreaterThanOrEqual(ranges[i - 1][1]);
  });
});

it('a clip is read back as it was written', async () => {
  const clip = await smallClip();
  expect(await readClip(folder, 'small')).toEqual(clip);
  expect((await readdir(folder)).sort()).toEqual(['small.gray', 'small.json', 'small.rgb']);
});

it('the half-grid truth is the mean of each 2x2 block', () => {
  const mask = Uint8Array.of(255, 255, 0, 0, 255, 0, 0, 0);
  expect([...halfTruth(mask, 4, 2)]).toEqual([0.75, 0]);
});
