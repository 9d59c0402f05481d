import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cost, Question, Ready, Result, Setup } from './wire.js';

/** A process that answers each line with a line of JSON. Close it to end it. */
export interface Candidate {
  readonly ready: Ready;
  cost(part: Exclude<Question, 'result'>): Promise<Cost>;
  result(): Promise<Result>;
  close(): void;
}

/**
 * Starts a candidate and waits until it is ready.
 * @throws Error when it ends before that, or while it is asked something; with the end of what it printed as errors.
 */
export async function startCandidate(
  command: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Candidate> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...(signal ? { signal } : {}) });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-2000);
  });
  const failed = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`${command} ended early with ${code}: ${complaint.trim()}`)));
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async <T>(): Promise<T> => {
    const { value, done } = await Promise.race([lines.next(), failed]);
    return done ? failed : (JSON.parse(value) as T);
  };
  const ask = <T>(question: Question): Promise<T> => {
    child.stdin.write(`${question}\n`);
    return read<T>();
  };
  const ready = await read<Ready>();
  return {
    ready,
    cost: (part) => ask<Cost>(part),
    result: () => ask<Result>('result'),
    close: () => child.stdin.end(),
  };
}

const OURS = new URL('./ours.js', import.meta.url);

/** Starts our own graphs on ONNX Runtime as a candidate. */
export const startOurs = (setup: Setup, signal?: AbortSignal): Promise<Candidate> =>
  startCandidate(process.execPath, [fileURLToPath(OURS), JSON.stringify(setup)], signal);
