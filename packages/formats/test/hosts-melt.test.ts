import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FrameIndex,
  frameNumber,
  frameRange,
  objectId,
  type Shape,
  type ShapeKey,
  type ShapeScene,
} from '@rotokit/core/values';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { itWith } from '../../../tests/support/needs.js';
import { decodePng, HOSTS } from '../src/index.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotokit-melt-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [FRAMES, SIDE] = [4, 20];

function square(frame: number, x: number, y: number): ShapeKey {
  const corners = [
    [x, y],
    [x + SIDE, y],
    [x + SIDE, y + SIDE],
    [x, y + SIDE],
  ] as const;
  const outline = Float64Array.from(corners.flatMap(([a, b]) => [a, b, a, b, a, b]));
  return { frame: frame as FrameIndex, outline, feather: new Float64Array(4), edited: false };
}

/** A square that is there on one frame, each in a place of its own. */
const onFrame = (frame: number): Shape => ({
  ...{ id: `${frame + 1}`, name: `square ${frame + 1}`, mode: 'add', corners: [true, true, true, true] },
  ...{ visible: [frameRange(frame, frame + 1)], keys: [square(frame, 10 + 30 * frame, 15)] },
});

const scene: ShapeScene = {
  ...{ shot: 'blink', size: { width: 140, height: 60 }, rate: { num: 24, den: 1 } },
  ...{ range: frameRange(0, FRAMES), first: frameNumber(1001) },
  objects: [
    {
      ...{ object: objectId('o1'), name: 'light', colour: [9, 9, 9] },
      shapes: Array.from({ length: FRAMES }, (_, f) => onFrame(f)),
    },
  ],
};

describe('a file for MLT', () => {
  itWith('melt', 'shows a shape on its frame alone, the first one too', async () => {
    const file = join(folder, 'blink.mlt');
    writeFileSync(file, HOSTS.mlt.files(scene)[0]!.text);
    const to = join(folder, 'melt_%05d.png');
    const png = ['vcodec=png', 'pix_fmt=rgba', 'mlt_image_format=rgba', 'real_time=-1', 'an=1'];
    const env = { ...process.env, QT_QPA_PLATFORM: 'offscreen' };
    execFileSync('melt', ['-silent', file, '-consumer', `avformat:${to}`, ...png], { stdio: 'ignore', env });
    for (let f = 0; f < FRAMES; f++) {
      const picture = await decodePng(readFileSync(join(folder, `melt_0000${f + 1}.png`)));
      if (picture.kind === 'indexed') throw new TypeError('melt wrote an indexed picture');
      const seen = Array.from({ length: FRAMES }, (_, k) => {
        const at = (25 * 140 + 20 + 30 * k) * picture.channels + 3;
        return picture.samples[at]! > 0;
      });
      expect(seen, `frame ${f}`).toEqual(Array.from({ length: FRAMES }, (_, k) => k === f));
    }
  });
});
