import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { frameSinkContract } from '@rotokit/core/contracts/frame-sink';
import { frameSourceContract } from '@rotokit/core/contracts/frame-source';
import { frameRate } from '@rotokit/core/values';
import { vi } from 'vitest';
import { DATA, dataMissing } from '../../../tests/support/needs.js';
import { createH264Preview, createPngSequence, createProRes4444, createVp9Alpha, openClip } from '../src/index.js';
import { type Look, testPicture, writeAll } from './support/pictures.js';
import { scratchFolder } from './support/scratch.js';

// Real footage and encoders on a machine that may be busy with other things.
vi.setConfig({ testTimeout: 300_000 });

const folder = await scratchFolder();
const look: Look = { width: 96, height: 64, channels: 4, bits: 8 };
const options = { size: { width: 96, height: 64 }, rate: frameRate(24) };
const doors = {
  'a ProRes 4444 movie': [createProRes4444, 'a.mov', look],
  'a VP9 movie with alpha': [createVp9Alpha, 'b.webm', look],
  'an H.264 movie': [createH264Preview, 'c.mp4', { ...look, channels: 3 }],
  'a PNG sequence': [createPngSequence, 'd.####.png', { ...look, bits: 16 }],
} as const;

for (const [name, [create, file, its]] of Object.entries(doors)) {
  const path = join(folder, `read-${file}`);
  let written: Promise<void> | undefined;
  frameSourceContract(name, {
    open: async () => {
      await (written ??= create(path, options).then((sink) => writeAll(sink, its, 9)));
      return openClip(path);
    },
  });

  let count = 0;
  let last = '';
  frameSinkContract(name, {
    create: () => create((last = join(folder, `write-${count++}-${file}`)), options),
    picture: (n) => testPicture(n, its),
    finalExists: async () => existsSync(last.replace('####', '1001')),
    eachFrameIsFinal: file.endsWith('.png'),
  });
}

const real = 'clips/odd/editlist_mediabunny.mp4';
frameSourceContract('a movie with an edit list and B-frames', {
  open: () => openClip(resolve(DATA, real)),
  skip: dataMissing(real),
});
