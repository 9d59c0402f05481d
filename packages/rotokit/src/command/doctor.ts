import type { Command } from 'commander';
import { CHECKS, runCheck } from '../doctor/checks.js';
import { EXIT } from './exit-codes.js';
import { type LongOptions, result, withJson } from './shared.js';

/** `rotokit doctor`: what works here and what would make more work. */
export function addDoctor(program: Command): void {
  withJson(program.command('doctor').description('What works here, and what would make more work.'))
    .addHelpText('after', '\nExample:\n  rotokit doctor --json')
    .action(async (options: LongOptions) => {
      const findings = [];
      for (const check of CHECKS) findings.push({ check: check.name, ...(await runCheck(check)) });
      const lines = findings.map(
        (f) => `${f.level.padEnd(4)}  ${f.check.padEnd(9)} ${f.what}${f.fix ? `\n                -> ${f.fix}` : ''}`,
      );
      result(options, findings, lines.join('\n'));
      if (findings.some((f) => f.level === 'fail')) process.exitCode = EXIT.failed;
    });
}
