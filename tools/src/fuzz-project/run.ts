import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addObject, addPrompt, clipRecord, RotoDocument, setAnchor, setMark } from '@rotokit/core/project';
import { frameIndex, sourcePoint } from '@rotokit/core/values';
import { createRoto } from '@rotokit/store';
import { TRIAL_SIZE, trialMask } from '../kill/seeded.js';

/** What a run of mutations came to. */
export interface FuzzReport {
  /** How often each outcome occurred. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Seeds that crashed the process, made it hang, or ended in anything but a coded refusal; must be empty. */
  readonly failures: readonly { readonly seed: number; readonly how: string }[];
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

/** Runs seeds in one process until it is through or dies; the seed it died on, and how. */
function runFrom(sound: string, folder: string, first: number, last: number, tell: (outcome: string) => void) {
  return new Promise<{ seed: number; how: string } | undefined>((resolve, reject) => {
    const args = ['--import', 'tsx', VICTIM, sound, folder, String(first), String(last)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [seed, rest, err, hung] = [first, '', '', false];
    const hang = () => {
      hung = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(hang, PATIENCE);
    child.stdout.on('data', (chunk: Buffer) => {
      clearTimeout(timer);
      timer = setTimeout(hang, PATIENCE);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const begun = /^begin (\d+)$/.exec(line);
        if (begun) seed = Number(begun[1]);
        else tell(line.slice(line.indexOf(' ') + 1));
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err = (err + chunk).slice(-4000);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(undefined);
      else resolve({ seed, how: hung ? 'it hung' : `${signal ?? code}: ${err}` });
    });
  });
}

/** Uses `count` mutations of a sound project, beginning with a seed, in processes of their own. Leaves `folder` to its owner. */
export async function fuzzProjects(folder: string, first: number, count: number): Promise<FuzzReport> {
  const sound = path.join(folder, 'sound.roto');
  await soundProject(sound);
  const outcomes: Record<string, number> = {};
  const failures: { seed: number; how: string }[] = [];
  const tell = (outcome: string) => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  };
  for (let seed = first; seed < first + count; ) {
    const failure = await runFrom(sound, folder, seed, first + count - 1, tell);
    if (!failure) break;
    failures.push(failure);
    seed = failure.seed + 1;
  }
  return { outcomes, failures };
}
