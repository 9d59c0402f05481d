import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Runs a program to its end, its output on ours. Error where it fails. */
function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    child.once('error', fail);
    child.once('exit', (code) => (code === 0 ? done() : fail(new Error(`${command} ended with ${code}`))));
  });
}

/**
 * A Python that has what `requirements.txt` lists: the one given, or a virtual environment of our own that is made in
 * the work folder when it is not there.
 */
export async function findPython(given: string | undefined, work: string, requirements: string): Promise<string> {
  if (given) return given;
  const environment = path.resolve(work, 'venv');
  const python = path.join(environment, 'bin', 'python');
  if (!existsSync(python)) {
    if (spawnSync('python3', ['--version']).error) throw new Error('training needs python3 3.10 or later');
    await run('python3', ['-m', 'venv', environment]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
  }
  return python;
}

/** Runs train.py with options given as an object. */
export function runTraining(
  python: string,
  script: string,
  options: Readonly<Record<string, string | number>>,
): Promise<void> {
  return run(python, [script, ...Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)])]);
}
