import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '@rotokit/core/ports';
import { expect, it } from 'vitest';
import { benchForEach, CARD, hubOn, pulled, refusalOf, WEIGHTS } from './support/bench.js';
import { fakeWeights } from './support/weights.js';

const bench = benchForEach();
const cards: ModelCard[] = [{ ...CARD, files: [{ name: 'model.safetensors', checkpoint: 'little_v1.pt' }] }];
const CONVERTED = fakeWeights(2000);

/** A conversion that knows one checkpoint, piece by piece. */
async function* convert(path: string): AsyncGenerator<Uint8Array> {
  if ((await readFile(path, 'utf8')) !== 'tensors') throw new Error('it names os.system');
  yield CONVERTED.subarray(0, 700);
  yield CONVERTED.subarray(700);
}
const hub = () => hubOn(bench, { cards, convert });
const stick = async (content: string, name = 'little_v1.pt') => {
  const from = join(bench.folder, 'stick');
  await mkdir(from, { recursive: true });
  await writeFile(join(from, name), content);
  return from;
};
const installed = async () => (await hub().find('little'))?.files[0];

it("converts the publisher's checkpoint from a folder, or named itself, without the network", async () => {
  const from = await stick('tensors');
  for (const place of [from, join(from, 'little_v1.pt')]) {
    expect((await pulled(hub(), 'little', { from: place })).at(-1)?.kind).toBe('done');
    expect(await installed()).toMatchObject({ bytes: CONVERTED.length, trust: 'first-seen' });
    expect((await hub().verify('little'))[0]?.kind).toBe('sound');
    await hub().remove('little');
  }
  expect(bench.server.seen).toEqual([]);
});

it('a file in the folder that needs no conversion comes first', async () => {
  const from = await stick('tensors');
  await writeFile(join(from, 'model.safetensors'), WEIGHTS);
  await pulled(hub(), 'little', { from });
  expect((await installed())?.bytes).toBe(WEIGHTS.length);
});

it('the conversion and the file of the publisher have pins of their own', async () => {
  await pulled(hub(), 'little');
  const official = await installed();
  await hub().remove('little');
  await pulled(hub(), 'little', { from: await stick('tensors') });
  expect((await installed())?.sha256).not.toBe(official?.sha256);
  await hub().remove('little');
  await pulled(hub(), 'little');
  expect((await installed())?.sha256).toBe(official?.sha256);
  // The pin of the publisher's file outlives a conversion: another file under its name is refused.
  await hub().remove('little');
  await pulled(hub(), 'little', { from: await stick('tensors') });
  await hub().remove('little');
  bench.server.publish(CARD.repository, 'model.safetensors', fakeWeights(5000));
  expect(await refusalOf(pulled(hub(), 'little'))).toMatchObject({ code: 'MODEL_CORRUPT' });
});

it('what holds more than tensors is refused with its reason, and nothing stays', async () => {
  const from = await stick('something else');
  expect(await refusalOf(pulled(hub(), 'little', { from }))).toMatchObject({
    code: 'MODEL_CORRUPT',
    message: expect.stringMatching(/little_v1\.pt .* os\.system/),
  });
  expect(await installed()).toBeUndefined();
  // Without a conversion there are no checkpoints to look for.
  expect(await refusalOf(pulled(hubOn(bench, { cards }), 'little', { from }))).toMatchObject({
    code: 'MODEL_NOT_IN_FOLDER',
    fix: expect.not.stringContaining('.pt'),
  });
});
