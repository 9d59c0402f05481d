import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isRotokitError } from '@rotokit/core/values';
import { EDGETAM, weightShapes } from '@rotokit/models';
import { beforeAll, expect, it } from 'vitest';
import { originalShapes } from '../../neural/test/support/original-names.js';
import { chooseEngine } from '../src/engines/choose.js';
import { readWeightsHeader } from '../src/engines/weights.js';
import { hubOf } from '../src/models/home.js';
import { temporaryFolder } from './support/tiny-clip.js';
import { torchFile } from './support/torch-file.js';

const folder = temporaryFolder();
let models = 0;
/** A hub over an empty folder, which engines are chosen from too. */
const freshHub = () => {
  process.env.ROTOKIT_MODELS = join(folder, `models${models++}`);
  return hubOf(process.env);
};
const pull = async (from: string) => {
  const hub = freshHub();
  for await (const _ of hub.pull('edgetam', { from }));
  return (await hub.find('edgetam'))!.files[0]!;
};
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (e: unknown) => (isRotokitError(e) ? { code: e.code, message: e.message } : e),
  );

let original: string;
beforeAll(async () => {
  const stick = join(folder, 'stick');
  await mkdir(stick);
  original = join(stick, 'edgetam.pt');
  await writeFile(original, torchFile(originalShapes(EDGETAM)));
});

it("the repository's own checkpoint is pulled from a folder, converted once, and is a model like any other", async () => {
  const file = await pull(join(folder, 'stick'));
  expect(file).toMatchObject({ name: 'model.safetensors', trust: 'first-seen' });
  const { metadata, tensors } = await readWeightsHeader(file.path);
  expect(metadata).toMatchObject({ 'rotokit.checkpoint': 'edgetam.pt' });
  expect(metadata['rotokit.checkpoint.sha256']).toMatch(/^[0-9a-f]{64}$/);
  expect(tensors.has('sam_mask_decoder.iou_token.weight')).toBe(true);
  const { engine } = await chooseEngine('edgetam', ['point'], { threads: 1, memoryLimit: 4e9 });
  expect(engine.provenance).toMatchObject({ model: 'edgetam', weights: file.sha256 });
  expect((await hubOf(process.env).verify('edgetam')).map((v) => v.kind)).toEqual(['sound']);
});

it('it may be named itself, converts to the same bytes each time, and may have 64-bit records or the names of transformers', async () => {
  const [one, two] = [await pull(original), await pull(original)];
  expect(two.sha256).toBe(one.sha256);
  const wide = join(folder, 'wide.pt');
  await writeFile(wide, torchFile(originalShapes(EDGETAM), true));
  const converted = await readWeightsHeader((await pull(wide)).path);
  expect(converted.tensors.size).toBe((await readWeightsHeader(one.path)).tensors.size);
  const other = join(folder, 'other.pt');
  await writeFile(other, torchFile(weightShapes(EDGETAM)));
  expect((await pull(other)).sha256).not.toBe(one.sha256);
  const { engine } = await chooseEngine('edgetam', ['point'], { threads: 1, memoryLimit: 4e9 });
  expect(engine.name).toBe('edgetam');
});

it('one that was put in the place of weights by hand is told apart, with what to do', async () => {
  await expect(readWeightsHeader(original)).rejects.toThrow(/a checkpoint of torch, which `rotokit models pull/);
});

it('a checkpoint that wants to run code, and one that is none, are refused and leave nothing behind', async () => {
  const unsafe = join(folder, 'edgetam.pt');
  await copyFile(resolve(import.meta.dirname, '../../graph/test/fixtures/unsafe.pt'), unsafe);
  expect(await refusal(pull(folder))).toMatchObject({
    code: 'MODEL_CORRUPT',
    message: expect.stringMatching(/edgetam\.pt of edgetam .* posix\.system, which would run code/),
  });
  await writeFile(unsafe, (await readFile(original)).subarray(0, 5000));
  expect(await refusal(pull(unsafe))).toMatchObject({ code: 'MODEL_CORRUPT' });
  expect(await hubOf(process.env).find('edgetam')).toBeUndefined();
  await writeFile(unsafe, 'not a checkpoint');
  expect(await refusal(pull(unsafe))).toMatchObject({ code: 'MODEL_CORRUPT' });
});
