import { spawn } from 'node:child_process';

/** A seed that crashed a process, made it hang, or ended in anything but a coded refusal. */
export interface SeedFailure {
  readonly seed: number;
  readonly how: string;
}

/** What a victim is started with. */
export interface Victim {
  /** Script that prints `begin SEED` before each seed. */
  readonly script: string;
  readonly args: readonly string[];
  /** The first seed: to blame when the process dies before it says anything. */
  readonly first: number;
  /** Milliseconds without a sign of life after which the seed counts as hung. */
  readonly patience: number;
}

/**
 * Runs seeds in a process of its own until it is through or dies. @param tell gets every line, `begin` ones included.
 * @returns the seed it died on, and how; undefined when it came through
 */
export function runVictim(victim: Victim, tell: (line: string) => void): Promise<SeedFailure | undefined> {
  const args = ['--import', 'tsx', victim.script, ...victim.args];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [seed, rest, err, hung] = [victim.first, '', '', false];
    const hang = () => {
      hung = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(hang, victim.patience);
    child.stdout.on('data', (chunk: Buffer) => {
      clearTimeout(timer);
      timer = setTimeout(hang, victim.patience);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const begun = /^begin (\d+)$/.exec(line);
        if (begun) seed = Number(begun[1]);
        tell(line);
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
