import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import type { Problem } from './problem.js';

const MOST = 8;

/** A port has at most eight members. */
export function checkPorts(root: string, paths: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  for (const path of paths.filter((p) => p.startsWith('packages/core/src/ports/'))) {
    for (const node of parseSync(path, readFileSync(`${root}/${path}`, 'utf8')).program.body) {
      if (node.type !== 'ExportNamedDeclaration' || node.declaration?.type !== 'TSInterfaceDeclaration') continue;
      const { id, body } = node.declaration;
      const methods = body.body.filter((m) => m.type === 'TSMethodSignature').length;
      if (methods && body.body.length > MOST) {
        problems.push({
          where: path,
          what: `the port ${id.name} has ${body.body.length} members, more than ${MOST}`,
          fix: 'Split it by role.',
        });
      }
    }
  }
  return problems;
}
