import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { regionJ } from '@rotokit/core/evaluation';
import { maskArea, type SoftMask } from '@rotokit/core/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFIGS } from '../../../tools/src/parity/configs.js';
import { SCORE_BIAS } from '../../../tools/src/parity/video.js';
import { openRoto, type RotoOptions } from '../src/index.js';
import { miniature } from './support/miniature.js';
import { discMask, rotokit, temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

/** Random weights answer that nothing is there, or nearly: with this much more on the score's bias the object is always seen. */
function seeing(weights: Buffer): Buffer {
  const length = Number(weights.readBigUInt64LE());
  const header = JSON.parse(weights.subarray(8, 8 + length).toString()) as Record<string, { data_offsets: [number] }>;
  const at = 8 + length + header[SCORE_BIAS]!.data_offsets[0];
  weights.writeFloatLE(weights.readFloatLE(at) + 5, at);
  return weights;
}

const folder = temporaryFolder();
const before = { models: process.env.ROTOKIT_MODELS, temporary: process.env.TMPDIR };
const scratch = join(folder, 'tmp');
let clip: string;
beforeAll(async () => {
  const stick = join(folder, 'stick');
  await mkdir(stick);
  await mkdir(scratch);
  await writeFile(
    join(stick, 'edgetam.safetensors'),
    seeing(miniature({ ...CONFIGS['mini-edgetam']!, imageSize: 128 })),
  );
  await writeFile(join(stick, 'sam2.1-tiny.safetensors'), seeing(miniature(CONFIGS['mini-sam2.1-hiera-tiny']!)));
  process.env.ROTOKIT_MODELS = join(folder, 'models');
  process.env.TMPDIR = scratch;
  expect(await rotokit(['models', 'pull', 'edgetam', 'sam2.1-tiny', '--from', stick])).toMatchObject({ code: 0 });
  clip = await writeTinyClip(folder, 10);
});
afterAll(() => {
  const put = (key: string, value: string | undefined) =>
    value === undefined ? delete process.env[key] : (process.env[key] = value);
  put('ROTOKIT_MODELS', before.models);
  put('TMPDIR', before.temporary);
});

const open = (path: string, more: RotoOptions = {}) => openRoto(path, { engine: 'edgetam', threads: 1, ...more });
const track = async (roto: Awaited<ReturnType<typeof open>>) => {
  for await (const _ of roto.track());
};
const said = { frame: 1006, x: 92, y: 78 };
const same = (a: SoftMask, b: SoftMask) => regionJ(a, b);

describe('a neural project that was closed and opened again', () => {
  it('answers a correction with memory, as the session that tracked did, the same every time', async () => {
    const project = join(folder, 'disc.roto');
    let inSession: SoftMask;
    {
      await using roto = await open(clip, { project, engine: 'sam2.1-tiny' });
      await roto.object('disc').mask(1001, discMask(0));
      await track(roto);
      inSession = await roto.object('disc').click(said);
      await roto.undo();
    }
    const again = async () => {
      await using roto = await open(project, { engine: 'sam2.1-tiny' });
      const mask = await roto.object('disc').click(said);
      const [later, more] = [await roto.object('disc').click({ ...said, frame: 1008 }), await roto.pending()];
      await roto.undo();
      await roto.undo();
      return { mask, later, more };
    };
    const [first, second] = [await again(), await again()];
    expect(same(first.mask, second.mask)).toBe(1);
    expect(first.later).toEqual(second.later);
    expect(first.more).toBeGreaterThan(0);

    await using alone = await open(clip, { engine: 'sam2.1-tiny' });
    const prompted = await alone.object('disc').click(said);
    const [withMemory, without] = [same(first.mask, inSession), same(prompted, inSession)];
    // Random weights see nothing; but they answer the same question alike, and another one otherwise.
    const share = maskArea(inSession) / (256 * 160);
    expect(share).toBeGreaterThan(0.005);
    expect(share).toBeLessThan(0.9);
    expect(withMemory).toBeGreaterThan(0.85);
    expect(withMemory).toBeGreaterThan(without);
  });
});

describe('what a neural session keeps', () => {
  it('is in half precision where that is asked for, which is recorded and hardly changes the masks, and leaves no file', async () => {
    const walk = async (more: RotoOptions) => {
      await using roto = await open(clip, more);
      await roto.object('disc').mask(1001, discMask(0));
      await track(roto);
      const { memories } = (await roto.engine()).provenance;
      return { masks: await Promise.all([1002, 1006, 1010].map((f) => roto.object('disc').maskOn(f))), memories };
    };
    const float = await walk({ hardware: 'laptop' });
    const half = await walk({ hardware: 'laptop', precision: 'float16' });
    expect([float.memories, half.memories]).toEqual([undefined, 'float16']);
    for (const [i, mask] of float.masks.entries()) expect(same(mask!, half.masks[i]!)).toBeGreaterThan(0.95);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('is said by option too, and recorded; what is none is refused', async () => {
    await using roto = await open(clip, { precision: 'bfloat16', featuresOnDisk: 0, holes: 0, islands: 4 });
    expect((await roto.engine()).provenance).toMatchObject({ memories: 'bfloat16', holes: 0, islands: 4 });
    for (const wrong of [
      ['--precision', 'quarter'],
      ['--holes', '1.5'],
      ['--features-on-disk', 'much'],
    ])
      expect(await rotokit(['track', 'none.roto', ...wrong])).toMatchObject({ code: 2, stderr: /quarter|1\.5|much/ });
  });

  it('is asked for before work starts: too little memory for so many objects is refused', async () => {
    await expect(
      (async () => {
        await using roto = await open(clip, { memoryLimit: 120e6 });
        await roto.object('disc').click(said);
      })(),
    ).rejects.toMatchObject({ code: 'MEMORY_LIMIT' });
    expect(await readdir(scratch)).toEqual([]);
  });
});
