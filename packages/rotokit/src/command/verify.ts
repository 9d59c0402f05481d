import type { Command } from 'commander';
import { verifyExport } from '../export/verify.js';
import { EXIT } from './exit-codes.js';
import { type LongOptions, result, withJson } from './shared.js';

/** `rotokit verify DIR`: whether an export is whole, from its manifests alone. */
export function addVerify(program: Command, signal: AbortSignal): void {
  withJson(
    program
      .command('verify <folder>')
      .description('Reads an export back: every file its manifests name, its checksum, its size and its channels.'),
  )
    .addHelpText('after', '\nExample:\n  rotokit verify out')
    .action(async (folder: string, options: LongOptions) => {
      const report = await verifyExport(folder, { signal });
      const exports = report.exports.map((e) => `${e.kind}: ${e.frames} frames, ${e.files} files`);
      const problems = report.problems.map((p) => `  ${p.path}: ${p.reason}`);
      const end = problems.length
        ? [`${problems.length} files are not as written`, ...problems]
        : ['everything is as written'];
      result(options, report, [...exports, ...end].join('\n'));
      if (problems.length) process.exitCode = EXIT.failed;
    });
}
