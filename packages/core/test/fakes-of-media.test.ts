import { frameSinkContract } from '@rotokit/core/contracts/frame-sink';
import { frameSourceContract } from '@rotokit/core/contracts/frame-source';
import { type Picture, SRGB } from '@rotokit/core/values';
import { expect, it } from 'vitest';
import { MemorySink, scriptedSource } from '../src/fakes/index.js';

const picture = (n: number): Picture<'rgb8'> => {
  const samples = Uint8Array.from({ length: 8 * 6 * 3 }, (_, i) => (i * 7 + n * 31) % 256);
  return { format: 'rgb8', width: 8, height: 6, samples, colour: SRGB };
};

frameSourceContract('a script in an array', { open: async () => scriptedSource([0, 1, 2, 3, 4].map(picture)) });
frameSourceContract('a scripted function', { open: async () => scriptedSource({ frames: 5, picture }) });

let sink = new MemorySink();
frameSinkContract('a sink in memory', {
  create: async () => (sink = new MemorySink()),
  picture: (n) => ({ ...picture(n), channels: 3 }),
  finalExists: async () => sink.state === 'closed',
  eachFrameIsFinal: false,
});

it('refuses scripted frames that are damaged or missing, and only those', async () => {
  const source = scriptedSource({ frames: 4, picture }, { damaged: [1], missing: [2] });
  await expect(source.read(1 as never)).rejects.toMatchObject({ code: 'MEDIA_FRAME_DAMAGED', facts: { frame: 1002 } });
  await expect(source.read(2 as never)).rejects.toMatchObject({ code: 'MEDIA_FRAME_MISSING', facts: { frame: 1003 } });
  expect((await source.read(3 as never)).index).toBe(3);
});
