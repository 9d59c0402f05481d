import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runVictim, type SeedFailure } from '../victim-process.js';
import { soundClips } from './sound-clips.js';

/** What a run of mutations came to. */
export interface MediaFuzzReport {
  /** How often each outcome occurred. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Seeds that failed; must be empty. */
  readonly failures: readonly SeedFailure[];
  /** Memory of the process after its last seed, and files it had more open than at its start. */
  readonly rss: number;
  readonly leakedFiles: number;
  /** The seed that took longest, and its milliseconds. */
  readonly slowest: { readonly seed: number; readonly ms: number };
}

/** Milliseconds without a sign of life after which a case counts as hung; a busy machine may take a minute to start a process. */
const PATIENCE = 300_000;
const VICTIM = fileURLToPath(new URL('./victim.ts', import.meta.url));

/**
 * Opens and reads `count` damaged clips, beginning with a seed, in a process of their own that starts anew behind a seed that killed
 * it. Leaves `folder` to its owner. @param withFfmpeg see `soundClips`; it changes which file a seed damages.
 */
export async function fuzzMedia(
  folder: string,
  first: number,
  count: number,
  withFfmpeg = false,
): Promise<MediaFuzzReport> {
  const [sound, scratch] = [path.join(folder, 'sound'), path.join(folder, 'damaged')];
  mkdirSync(sound);
  mkdirSync(scratch);
  const clips = await soundClips(sound, withFfmpeg);
  const tally = new Tally();
  const last = first + count - 1;
  for (let seed = first; seed <= last; ) {
    const args = [String(seed), String(last), scratch, ...clips];
    const failure = await runVictim({ script: VICTIM, args, first: seed, patience: PATIENCE }, (l) => tally.line(l));
    if (!failure) break;
    tally.failures.push(failure);
    seed = failure.seed + 1;
  }
  return tally;
}

class Tally implements MediaFuzzReport {
  readonly outcomes: Record<string, number> = {};
  readonly failures: SeedFailure[] = [];
  rss = 0;
  leakedFiles = 0;
  slowest = { seed: 0, ms: 0 };
  #seed = 0;
  #begun = 0;

  /** Takes one line of the victim. */
  line(text: string): void {
    const [word, rest] = [text.slice(0, text.indexOf(' ')), text.slice(text.indexOf(' ') + 1)];
    if (word === 'begin') [this.#seed, this.#begun] = [Number(rest), performance.now()];
    else if (word === 'memory') this.rss = Math.max(this.rss, Number(rest));
    else if (word === 'files') this.leakedFiles = Math.max(this.leakedFiles, Number(rest));
    else {
      this.outcomes[rest] = (this.outcomes[rest] ?? 0) + 1;
      const ms = performance.now() - this.#begun;
      if (ms > this.slowest.ms) this.slowest = { seed: this.#seed, ms };
    }
  }
}
