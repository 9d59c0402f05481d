import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Assets } from '../scenes/index.js';
import { loadAssets } from './assets.js';
import { findPython } from './python.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const scripts = path.join(root, 'tools/train');

/** Options that every training takes, for `parseArgs`. */
export const trainingOptions = {
  help: { type: 'boolean' },
  out: { type: 'string', default: path.join(root, 'packages/embedded/weights') },
  work: { type: 'string', default: path.join(root, '.cache/training') },
  assets: { type: 'string', default: '' },
  seed: { type: 'string', default: '1' },
  rounds: { type: 'string', default: '3' },
  seconds: { type: 'string', default: '1000000000' },
  python: { type: 'string' },
} as const;

/** What a training works with. */
export interface TrainingSetUp {
  readonly say: (line: string) => void;
  readonly assets: Assets;
  /** A Python with PyTorch. */
  readonly python: string;
  /** The path of one of the training scripts. */
  readonly script: (name: string) => string;
}

/** Makes the folders, loads the textures and finds a Python. */
export async function setUpTraining(o: {
  readonly out: string;
  readonly work: string;
  readonly assets: string;
  readonly python?: string | undefined;
}): Promise<TrainingSetUp> {
  await mkdir(o.work, { recursive: true });
  await mkdir(o.out, { recursive: true });
  return {
    say: (line) => process.stdout.write(`${line}\n`),
    assets: loadAssets(o.assets ? o.assets.split(',') : [], path.join(o.work, 'assets')),
    python: await findPython(o.python, o.work, path.join(scripts, 'requirements.txt')),
    script: (name) => path.join(scripts, name),
  };
}
