import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addObject, addPrompt, clipRecord, RotoDocument, setAnchor, setMark } from '@rotokit/core/project';
import { frameIndex, sourcePoint } from '@rotokit/core/values';
import { createRoto } from '@rotokit/store';
import { TRIAL_SIZE, trialMask } from '../kill/seeded.js';
import { runVictim, type SeedFailure } from '../victim-process.js';

/** What a run of mutations came to. */
export interface FuzzReport {
  /** How often each outcome occurred. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Seeds that failed; must be empty. */
  readonly failures: readonly SeedFailure[];
}

/** Milliseconds without a sign of life after which a case counts as hung. */
const PATIENCE = 60_000;
const VICTIM = fileURLToPath(new URL('./victim.ts', import.meta.url));

/** A sound project with a bit of everything in it. */
async function soundProject(file: string): Promise<void> {
  const clip = clipRecord({ path: 'plate.mov', size: TRIAL_SIZE, frames: 40, rate: { num: 24, den: 1 }, first: 1001 });
  await using doc = await RotoDocument.open(await createRoto(file, [clip]), { now: () => 1_700_000_000_000 });
  const signals = { score: 0.5, state: 'tracked' } as const;
  for (const [k, name] of ['a', 'b'].entries()) {
    await doc.edit('add', (p) => addObject(p, { name, metadata: { note: 'é' } }));
    const { id } = doc.project.object(name);
    const click = { kind: 'point', at: sourcePoint(3.5, 4), positive: true } as const;
    await doc.edit('say', (p) => addPrompt(p, id, frameIndex(0), click));
    await doc.edit('fix', (p) => setAnchor(p, id, frameIndex(0), trialMask(0, k), { made: 'prompts' }));
    const run = await doc.startRun({ engine: 'trial', provenance: { version: 1 }, parameters: {} });
    const results = Array.from({ length: 10 }, (_, f) => {
      const mask = trialMask(f, k);
      return { object: id, frame: frameIndex(f), mask, basis: 'b', signals, confidence: 0.5, reasons: ['low-score'] };
    });
    await doc.keepTracked(run, results);
    await doc.edit('accept', (p) => setMark(p, id, frameIndex(3), 'accepted'));
  }
  await doc.undo();
}

/** Uses `count` mutations of a sound project, beginning with a seed, in processes of their own. Leaves `folder` to its owner. */
export async function fuzzProjects(folder: string, first: number, count: number): Promise<FuzzReport> {
  const sound = path.join(folder, 'sound.roto');
  await soundProject(sound);
  const outcomes: Record<string, number> = {};
  const failures: SeedFailure[] = [];
  const tell = (line: string) => {
    const [word, outcome] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
    if (word !== 'begin') outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  };
  for (let seed = first; seed < first + count; ) {
    const args = [sound, folder, String(seed), String(first + count - 1)];
    const failure = await runVictim({ script: VICTIM, args, first: seed, patience: PATIENCE }, tell);
    if (!failure) break;
    failures.push(failure);
    seed = failure.seed + 1;
  }
  return { outcomes, failures };
}
