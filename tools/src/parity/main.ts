/**
 * `npm run parity`: our graphs against the transformers reference, everything computed afresh by both.
 *
 * Options: `--python FILE` (default tools/parity/.venv/bin/python, made from tools/parity/requirements.txt), `--threads N`, names of models
 * (default: the miniatures; `all` adds the full sizes), `--video` to compare tracked frames instead of single runs, `--frames N` of
 * the scene and its first `--objects N`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Inference } from '@rotokit/core/ports';
import { gridOf } from '@rotokit/models';
import { openNodeInference } from '@rotokit/ort/node';
import { compare } from './compare.js';
import { CONFIGS, MINIATURES } from './configs.js';
import { randomFile } from './networks.js';
import { readRecorded } from './recorded.js';
import { HIDE, iou, openAll, SCENE_FRAMES, SCORE_BIAS, trackScene } from './video.js';

const FOLDER = resolve(import.meta.dirname, '../../parity');
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: resolve(FOLDER, '.venv/bin/python') },
    threads: { type: 'string', default: '2' },
    video: { type: 'boolean', default: false },
    frames: { type: 'string', default: String(SCENE_FRAMES) },
    objects: { type: 'string', default: '3' },
  },
});
/** Full sizes that are compared from end to end. */
const WHOLE = ['sam2.1-hiera-tiny', 'edgetam'];
const scratch = mkdtempSync(join(tmpdir(), 'rotokit-parity-'));

/** What one of the Python programs wrote. */
function reference(program: string, model: string, ...more: string[]): Uint8Array {
  const out = join(scratch, `${model}.safetensors`);
  const text = [program, model, out, '--threads', options.threads, ...more];
  execFileSync(options.python, text, { cwd: FOLDER, stdio: ['ignore', 'inherit', 'ignore'] });
  const bytes = readFileSync(out);
  rmSync(out);
  return bytes;
}

async function singleRuns(ort: Inference, model: string): Promise<boolean> {
  const config = CONFIGS[model]!;
  const small = MINIATURES.includes(model);
  // Larger encoders are compared alone: everything behind them is the same in all sizes.
  const encoderOnly = !small && !WHOLE.includes(model) ? ['--only', 'encode'] : [];
  const recorded = readRecorded(reference('taps.py', model, ...(small ? [] : ['--samples', '20000']), ...encoderOnly));
  const file = await randomFile(config);
  let good = true;
  try {
    for (const form of small ? (['paper', 'fast'] as const) : (['fast'] as const)) {
      const { differences } = await compare(ort, config, file, recorded, form, encoderOnly.length > 0);
      const [worst] = [...differences]
        .sort((a, b) => b[1] - a[1])
        .filter(([k]) => !(config.memory.rounds && k.endsWith('out:memory')));
      good &&= worst![1] < 1e-4;
      console.log(
        `${model} ${form}: ${differences.size} compared, worst ${worst![1].toExponential(1)} of its rms at ${worst![0]}`,
      );
      if (small) continue;
      for (const [key, d] of differences) {
        const absolute = d * recorded.get(key)!.rms;
        const limit = key.endsWith('masks') ? 1e-2 : 1e-3;
        if (key.includes('/out:') && !(config.memory.rounds && key.endsWith('out:memory'))) good &&= absolute < limit;
        console.log(`  ${key}: ${absolute.toExponential(1)} absolute, ${d.toExponential(1)} relative`);
      }
    }
  } finally {
    await file.remove();
  }
  return good;
}

async function video(ort: Inference, model: string): Promise<boolean> {
  const config = CONFIGS[model]!;
  const recorded = readRecorded(reference('video.py', model, '--frames', options.frames, '--objects', options.objects));
  const masks = recorded.get('masks')!.values;
  const scores = recorded.get('scores')!.values;
  const file = await randomFile(config, { [SCORE_BIAS]: -(HIDE[model] ?? 0) });
  try {
    const opened = await openAll(ort, config, file);
    const pixels = (4 * gridOf(config)) ** 2;
    let [i, worst, largest, hidden] = [0, 1, 0, 0];
    for await (const answers of trackScene(opened, Number(options.frames), Number(options.objects))) {
      for (const { logits, facts } of answers) {
        const theirs = masks.subarray(i * pixels, (i + 1) * pixels);
        worst = Math.min(
          worst,
          iou(logits, (p) => theirs[p]! > 0),
        );
        largest = logits.reduce((m, v, p) => Math.max(m, Math.abs(v - theirs[p]!)), largest);
        if (facts.present !== scores[i]! > 0) worst = 0;
        if (!facts.present) hidden++;
        i++;
      }
    }
    console.log(
      `${model} video: ${i} answers, ${hidden} hidden, lowest IoU ${worst.toFixed(5)}, largest difference of a logit ${largest.toExponential(1)}`,
    );
    await opened.close();
    return i === scores.length && worst >= 0.999;
  } finally {
    await file.remove();
  }
}

if (!existsSync(options.python)) {
  console.log(
    `parity needs Python: python3 -m venv tools/parity/.venv && tools/parity/.venv/bin/pip install -r tools/parity/requirements.txt`,
  );
  process.exit(2);
}
const chosen = positionals.flatMap((name) => (name === 'all' ? Object.keys(CONFIGS) : [name]));
const models = chosen.length > 0 ? chosen : options.video ? MINIATURES.filter((name) => HIDE[name]) : MINIATURES;
const ort = await openNodeInference({ threads: Number(options.threads) });
let good = true;
for (const model of models) good = (await (options.video ? video : singleRuns)(ort, model)) && good;
await ort.close();
rmSync(scratch, { recursive: true });
process.exitCode = good ? 0 : 1;
