import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskArea } from '@rotokit/core/values';
import { decodeExr, maskFromExr } from '@rotokit/formats';
import { expect, it } from 'vitest';
import { describeWithData } from '../../../tests/support/needs.js';
import { rotokit, temporaryFolder } from './support/tiny-clip.js';

const folder = temporaryFolder();

describeWithData('clips/real', 'the main job on a real clip', (path) => {
  it('follows one click through a 720p clip and delivers every frame', async () => {
    const clip = join(path, readdirSync(path).find((n) => n.startsWith('01')) as string);
    const args = [
      'roto',
      clip,
      '--click',
      '640,400',
      '--range',
      '1001-1008',
      '--as',
      'exr,preview',
      '-o',
      folder,
      '--json',
    ];
    const { code, stdout } = await rotokit(args);
    expect(code).toBe(0);
    const made = JSON.parse(stdout) as { frames: number; tracked: number; files: { exr: string[] } };
    expect(made).toMatchObject({ frames: 8, tracked: 7 });
    for (const file of made.files.exr) {
      const image = decodeExr(readFileSync(file));
      const mask = maskFromExr(image, image.channels[0] as (typeof image.channels)[number]);
      expect(mask.size).toEqual({ width: 1280, height: 720 });
      expect(maskArea(mask)).toBeGreaterThan(2000);
    }
  });
});
