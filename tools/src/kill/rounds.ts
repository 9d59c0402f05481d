import { spawn } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RotoDocument } from '@rotokit/core/project';
import { frameIndex, sameMask } from '@rotokit/core/values';
import { openRoto } from '@rotokit/store';
import { random, trialMask } from './seeded.js';

/** What a round of killing came to. */
export interface KillRound {
  /** Milliseconds after the victim was ready (or, when negative, before it could be) at which it was killed. */
  readonly after: number;
  /** Frames and anchors it had reported as kept, in all rounds so far. */
  readonly reported: number;
  /** Whether it died in the middle of writing: a half-written change was found and rolled back. */
  readonly midWrite: boolean;
  /** What it had reported and is not there; must be empty. */
  readonly lost: readonly string[];
}

const VICTIM = fileURLToPath(new URL('./commit-frames.ts', import.meta.url));

/** What a killed process may leave of a project. */
const ENDS = ['', '-journal', '-lock', '-new', '-new-journal'];

/** Starts the victim, kills it, and gives the lines it had written. `after` counts from its `ready`, or from its start. */
function kill(file: string, after: number, fromStart: boolean): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', VICTIM, file], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    let killed = false;
    const shoot = () =>
      setTimeout(() => {
        killed = child.kill('SIGKILL');
      }, after);
    if (fromStart) shoot();
    child.stdout.on('data', (chunk: Buffer) => {
      const first = out === '';
      out += chunk;
      if (first && !fromStart) shoot();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.on('error', reject);
    // A line without its end was not reported.
    child.on('close', () =>
      killed ? resolve(out.split('\n').slice(0, -1)) : reject(new Error(`it died by itself: ${err}`)),
    );
  });
}

async function missing(file: string, reported: ReadonlySet<string>): Promise<string[]> {
  if (!existsSync(file) && reported.size === 0) return [];
  await using doc = await RotoDocument.open(await openRoto(file));
  const lost: string[] = [];
  for (const line of reported) {
    const [what, n] = line.split(' ');
    const frame = frameIndex(Number(n));
    const [a, b] = ['a', 'b'].map((name) => doc.project.object(name));
    const expected =
      what === 'anchor'
        ? [[await doc.mask(a.id, frame), trialMask(frame, 2)]]
        : what === 'frame'
          ? [[await doc.mask(b.id, frame), trialMask(frame, 1)]]
          : [];
    for (const [found, wanted] of expected) if (!found || !wanted || !sameMask(found, wanted)) lost.push(line);
    if (what === 'undone' && a.priority === frame + 1) lost.push(line);
  }
  return lost;
}

/**
 * Kills a process that keeps frames in one project again and again, at seeded moments, and looks each time whether
 * everything it had reported is there bit for bit. Every fifth makes a project of its own and may be killed while at it:
 * then there is a whole one or none.
 */
export async function* killRounds(file: string, rounds: number, seed: number): AsyncGenerator<KillRound> {
  const next = random(seed);
  const reported = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const fromStart = round % 5 === 4;
    const after = fromStart ? 150 + next() * 700 : next() * 500;
    const victim = fromStart ? `${file}-${round}.roto` : file;
    const lines = (await kill(victim, after, fromStart)).filter((line) => line !== 'ready');
    const midWrite = (statSync(`${victim}-journal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
    if (!fromStart) for (const line of lines) reported.add(line);
    const lost = await missing(victim, fromStart ? new Set(lines) : reported);
    if (fromStart) for (const end of ENDS) rmSync(victim + end, { force: true });
    yield { after: fromStart ? -after : after, reported: reported.size, midWrite, lost };
  }
}
