import { spawn } from 'node:child_process';

/** Writes bytes to a program, and waits while it cannot take more. */
export type Write = (bytes: Uint8Array) => Promise<void>;

/** Runs a program to its end, feeding it when `input` is given. @throws Error when it fails. */
export function run(program: string, args: readonly string[], input?: (write: Write) => Promise<void>): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: [input ? 'pipe' : 'ignore', 'inherit', 'inherit'] });
    child.on('error', fail);
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`${program} ended with ${code}`))));
    const pipe = child.stdin;
    if (!input || !pipe) return;
    pipe.on('error', fail);
    input((bytes) => new Promise((next) => (pipe.write(bytes) ? next() : pipe.once('drain', next))))
      .then(() => pipe.end())
      .catch(fail);
  });
}
