import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { decodePng } from '@rotokit/formats';
import { openRoto as openStore } from '@rotokit/store';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONFIGS } from '../../../tools/src/parity/configs.js';
import { miniature } from './support/miniature.js';
import { temporaryFolder, writeTinyClip } from './support/tiny-clip.js';

const MAIN = resolve(import.meta.dirname, '../dist/command/main.js');

const folder = temporaryFolder();
let clip: string;
beforeAll(async () => {
  const stick = join(folder, 'stick');
  await mkdir(stick);
  await writeFile(join(stick, 'edgetam.safetensors'), miniature({ ...CONFIGS['mini-edgetam']!, imageSize: 128 }));
  const zeros = JSON.stringify({ w: { dtype: 'U8', shape: [8], data_offsets: [0, 8] } });
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(zeros.length));
  await writeFile(join(stick, 'sam2.1-tiny.safetensors'), Buffer.concat([prefix, Buffer.from(zeros), Buffer.alloc(8)]));
  const pulled = await rotokit('models', 'pull', 'edgetam', 'sam2.1-tiny', '--from', stick);
  expect(pulled).toMatchObject({ code: 0 });
  clip = await writeTinyClip(folder, 4);
});

const rotokit = (...args: readonly string[]) => rotokitIn(join(folder, 'models'), ...args);

/** Runs the command with the models of a folder and no network. */
function rotokitIn(models: string, ...args: readonly string[]) {
  const env = { PATH: process.env.PATH, ROTOKIT_MODELS: models, ROTOKIT_HUB: 'http://127.0.0.1:9' };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (d: Buffer) => (stdout += d));
  child.stderr.on('data', (d: Buffer) => (stderr += d));
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((done) =>
    child.on('close', (code) => done({ code, stdout, stderr })),
  );
}

const CLICK = ['--click', '70,74', '--as', 'png'];

describe('a model in the command', () => {
  it('is checked on a made-up scene, and random weights fail it and say so', async () => {
    const text = await rotokit('models', 'check', 'edgetam');
    expect(text).toMatchObject({ code: 1, stdout: expect.stringMatching(/fail {2}forwards, frame 2 .*IoU 0\./) });
    expect(text.stdout).toMatch(/edgetam does not see what is there.*\n.*models verify edgetam/);
    const { code, stdout } = await rotokit('models', 'check', 'edgetam', '--json', '--threads', '2');
    const report = JSON.parse(stdout) as { works: boolean; steps: { what: string; iou: number }[] };
    expect([code, report.works]).toEqual([1, false]);
    expect(report.steps.map((s) => s.what)).toEqual([
      'a click',
      ...[2, 3, 4, 5, 6].map((f) => `forwards, frame ${f}`),
      ...[5, 4].map((f) => `backwards, frame ${f}`),
    ]);
    expect(await rotokit('models', 'check', 'sam2.1-small')).toMatchObject({
      code: 1,
      stderr: /models pull sam2.1-small/,
    });
  });

  it('is what auto takes; policy and thresholds are recorded with the masks, the bank is put where it is asked for', async () => {
    const [out, bank] = [join(folder, 'auto'), join(folder, 'bank')];
    const policy = ['--policy', 'samurai,motionWeight=0.15', '--bank', bank];
    const run = await rotokit('roto', clip, ...CLICK, ...policy, '-o', out);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toMatch(/engine edgetam: the best engine installed/);
    // Its weights are here and are not those of the model.
    expect(run.stderr).toMatch(/sam2\.1-tiny was not taken: its weights do not fit this version/);
    expect(run.stderr).not.toMatch(/sam2\.1-large/);

    const project = (await readdir(out)).find((f) => f.endsWith('.roto'))!;
    const store = await openStore(join(out, project), { access: 'read' });
    const { records } = await store.load();
    await store.close();
    expect(records.find((r) => r.type === 'run')).toMatchObject({
      engine: 'edgetam',
      provenance: {
        model: 'mini-edgetam',
        weights: expect.stringMatching(/^[0-9a-f]{64}$/),
        policy: 'samurai',
        'policy.motionWeight': 0.15,
        'policy.stableFrames': 15,
        runtime: 'onnxruntime-node',
      },
    });

    const lines = (await readFile(join(bank, 'bank.jsonl'), 'utf8')).trim().split('\n');
    const views = lines.map(
      (l) => JSON.parse(l) as { frame: number; object: string; frames: { frame: number; why: string }[] },
    );
    expect(views.map((v) => v.frame)).toEqual([1002, 1003, 1004]);
    expect(views[2]!.frames.map((f) => [f.frame, f.why])).toContainEqual([1001, 'prompted']);
    const png = decodePng(await readFile(join(bank, `${views[0]!.object}.png`)));
    expect(png.width).toBeGreaterThan(200);
  });

  it('is taken from a list in its order, and what was refused is told', async () => {
    const list = await rotokit(
      'roto',
      clip,
      ...CLICK,
      '--engine',
      'sam2.1-small,sam2.1-tiny,edgetam',
      '-o',
      join(folder, 'list'),
    );
    expect(list).toMatchObject({ code: 0, stderr: /engine edgetam: the first of sam2.1-small,sam2.1-tiny,edgetam/ });
    expect(list.stderr).toMatch(/not here: sam2\.1-small/);
    const none = await rotokit(
      'roto',
      clip,
      ...CLICK,
      '--engine',
      'sam2.1-small,sam2.1-tiny',
      '-o',
      join(folder, 'none'),
    );
    expect(none).toMatchObject({
      code: 1,
      stderr: /ENGINE_UNAVAILABLE.*sam2.1-small: its weights are not here.*sam2.1-tiny: its weights do not fit/,
    });
    const words = await rotokit('roto', clip, '--text', 'a dog', '-o', join(folder, 'words'));
    expect(words).toMatchObject({ code: 1 });
  });

  it('is refused before work starts where memory is too small for it, and auto goes on to what fits', async () => {
    // At 1024 pixels the estimate is that of a real model, whatever its channels.
    const [stick, models] = [join(folder, 'large-stick'), join(folder, 'large-models')];
    await mkdir(stick);
    const large = miniature({ ...CONFIGS['mini-sam2.1-hiera-tiny']!, imageSize: 1024 });
    await writeFile(join(stick, 'sam2.1-tiny.safetensors'), large);
    expect(await rotokitIn(models, 'models', 'pull', 'sam2.1-tiny', '--from', stick)).toMatchObject({ code: 0 });
    const tight = [...CLICK, '--memory-limit', '900'];
    const asked = await rotokitIn(
      models,
      'roto',
      clip,
      ...tight,
      '--engine',
      'sam2.1-tiny',
      '-o',
      join(folder, 'tight'),
    );
    expect(asked).toMatchObject({ code: 1 });
    expect(asked.stderr).toMatch(
      /MEMORY_LIMIT: the engine sam2\.1-tiny needs 17\d\d MB, more than the limit of \d+ MB/,
    );
    const auto = await rotokitIn(models, 'roto', clip, ...tight, '-o', join(folder, 'fits'));
    expect(auto).toMatchObject({ code: 0 });
    expect(auto.stderr).toMatch(/engine embedded: the best engine installed; it needs no download/);
    expect(auto.stderr).toMatch(/sam2\.1-tiny was not taken: .*MB/);
  });

  it('tells wrong thresholds from refusals', async () => {
    for (const wrong of ['dam,memoryDecay=1', 'sam2,recentFrames'])
      expect(await rotokit('track', 'none.roto', '--policy', wrong)).toMatchObject({
        code: 2,
        stderr: /policy|dam|bank/,
      });
    const { stdout } = await rotokit('track', '--help');
    for (const threshold of [
      'motionWeight=0.25',
      'anchorApart=0.7',
      'maxMemoryFrames=10',
      'keyFrameConfidence=0.85',
      'memoryDecay=0.98',
    ])
      expect(stdout).toContain(threshold);
  });
});
