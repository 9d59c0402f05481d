#!/usr/bin/env node
import { isRotokitError } from '@rotokit/core/values';
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.js';
import { buildProgram } from './program.js';

const cancel = new AbortController();
process.once('SIGINT', () => cancel.abort());
process.once('SIGTERM', () => cancel.abort());
process.stdout.on('error', (e: NodeJS.ErrnoException) => {
  if (e.code !== 'EPIPE') throw e;
});

try {
  process.exitCode = EXIT.done;
  await buildProgram(cancel.signal).parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}

/** Tells people what went wrong, and the shell in a number. */
function codeOf(error: unknown): number {
  const json = process.argv.includes('--json');
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (cancel.signal.aborted) {
    process.stderr.write(
      json ? '{"event":"cancelled"}\n' : 'cancelled: finished frames are kept, the same command does the rest\n',
    );
    return EXIT.cancelled;
  }
  if (isRotokitError(error)) {
    const { code, message, fix } = error;
    process.stderr.write(
      json ? `${JSON.stringify({ event: 'error', code, message, fix })}\n` : `${code}: ${message}\n${fix}\n`,
    );
    return EXIT.failed;
  }
  if (error instanceof RangeError || error instanceof TypeError) {
    process.stderr.write(
      json ? `${JSON.stringify({ event: 'error', code: 'USAGE', message: error.message })}\n` : `${error.message}\n`,
    );
    if (process.env.ROTOKIT_TRACE) process.stderr.write(`${error.stack}\n`);
    return EXIT.usage;
  }
  throw error;
}
