import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boxHeight, boxWidth, maskArea, maskToPlane, type SoftMask } from '@rotokit/core/values';
import { openClip } from '@rotokit/media';
import { openSample, type Sample } from 'rotokit/sample';
import { beforeAll, describe, expect, it } from 'vitest';
import { SHOT } from '../src/sample/action.js';
import { makeRenderer } from '../src/sample/render.js';

const folder = resolve(fileURLToPath(import.meta.url), '../../../packages/rotokit/sample');
const missing = !existsSync(join(folder, 'fox.mp4'));

describe.skipIf(missing)('the sample clip', () => {
  let sample: Sample;
  beforeAll(async () => {
    sample = await openSample();
  });
  const every = () => Array.from({ length: SHOT.frames }, (_, i) => sample.truth(i));

  it('weighs less than 3 MB with its mattes', () => {
    const bytes = readdirSync(folder).reduce((n, name) => n + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(3e6);
  });

  it('has a matte of its size for every frame', async () => {
    const clip = await openClip(sample.clip);
    try {
      expect(clip.info.size).toEqual({ width: SHOT.width, height: SHOT.height });
      expect([clip.info.frames, sample.frames]).toEqual([SHOT.frames, SHOT.frames]);
      expect(clip.info.rate).toEqual({ num: SHOT.rate, den: 1 });
      for (const mask of every()) expect(mask.size).toEqual(clip.info.size);
    } finally {
      await clip.close();
    }
  });

  it('shows the fox whole at first, hides most of it behind the tree, and shows it again', () => {
    const areas = every().map((mask) => maskArea(mask));
    const hidden = Math.min(...areas);
    expect(hidden).toBeGreaterThan(0);
    expect(hidden).toBeLessThan(0.45 * areas[0]);
    expect(areas.at(-1)).toBeGreaterThan(0.8 * areas[0]);
    const first = sample.truth(0).window;
    expect(Math.min(first.x0, first.y0, SHOT.width - first.x1, SHOT.height - first.y1)).toBeGreaterThan(0);
  });

  it('has soft edges: fur and motion blur', () => {
    const soft = sample.truth(20).values.filter((v) => v > 0 && v < 65535).length;
    expect(soft).toBeGreaterThan(0.1 * maskArea(sample.truth(20)));
  });
});

/** The mean of a mask over the pixels of a picture `n` times as small. */
function shrunk(mask: SoftMask, width: number, height: number): Float64Array {
  const plane = maskToPlane(mask);
  const means = new Float64Array(width * height);
  const [sx, sy] = [mask.size.width / width, mask.size.height / height];
  for (let y = 0; y < mask.size.height; y++)
    for (let x = 0; x < mask.size.width; x++) {
      const at = Math.min(height - 1, Math.floor(y / sy)) * width + Math.min(width - 1, Math.floor(x / sx));
      means[at] += plane[y * mask.size.width + x] / 65535 / (sx * sy);
    }
  return means;
}

describe('the renderer of the sample clip', () => {
  it.skipIf(missing)(
    'makes the same frame twice, and the mattes that are in the package',
    async () => {
      const render = makeRenderer({ passes: 3, scale: 0.25 });
      const first = render(20);
      expect(render(20)).toEqual(first);
      const { width, height } = first;
      const truth = (await openSample()).truth(20);
      expect(boxWidth(truth.window) * boxHeight(truth.window)).toBeGreaterThan(0);
      const means = shrunk(truth, width, height);
      let [common, either] = [0, 0];
      means.forEach((v, i) => {
        common += Math.min(v, first.hero[i] / 255);
        either += Math.max(v, first.hero[i] / 255);
      });
      expect(common / either).toBeGreaterThan(0.85);
    },
    240_000,
  );
});
