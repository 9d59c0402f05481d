import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedDocs } from '../docs/generated.js';
import type { Problem } from './problem.js';

/** Pages that are made from code are what the code says now; with `fix` they are written instead. */
export async function checkGeneratedDocs(root: string, fix: boolean): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [path, text] of await generatedDocs(root)) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    if (fix) writeFileSync(file, text);
    else problems.push({ where: path, what: 'does not say what the code says', fix: 'npm run check -- --fix' });
  }
  return problems;
}

/** Relative links in Markdown lead somewhere. */
export function checkLinks(root: string, paths: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  for (const path of paths.filter((p) => p.endsWith('.md'))) {
    const text = readFileSync(join(root, path), 'utf8').replace(/```[\s\S]*?```/g, '');
    for (const [, target] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target!) || existsSync(join(root, dirname(path), target!))) continue;
      problems.push({
        where: path,
        what: `links to ${target}, which is not there`,
        fix: 'Correct the link or add the page.',
      });
    }
  }
  return problems;
}
