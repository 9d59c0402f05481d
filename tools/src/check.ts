/** `npm run check`: format, lint, types, layers, cycles, sizes, prose, docs. Every finding says how to mend it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkCycles } from './check/cycles.js';
import { checkGeneratedDocs, checkLinks } from './check/docs.js';
import { checkLayers } from './check/layers.js';
import { checkPorts } from './check/ports.js';
import type { Problem } from './check/problem.js';
import { checkProse } from './check/prose.js';
import { checkSizes, describeSizes } from './check/sizes.js';
import { readSource } from './check/source.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const fix = process.argv.includes('--fix');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((p) => p && existsSync(`${root}/${p}`));
const sources = tracked
  .filter((p) => /\.tsx?$/.test(p) && !p.endsWith('.d.ts') && !p.includes('/assembly/'))
  .map((p) => readSource(root, p));

const command = (what: string, args: string[], mend: string): Problem[] => {
  const { status } = spawnSync('npx', args, { cwd: root, stdio: 'inherit' });
  return status === 0 ? [] : [{ where: what, what: `${args.join(' ')} failed, see above`, fix: mend }];
};

const checks: readonly (readonly [name: string, run: () => Problem[] | Promise<Problem[]>])[] = [
  [
    'format and lint',
    () =>
      command(
        'biome',
        ['biome', 'ci', '--colors=off', '--diagnostic-level=error', '--max-diagnostics=20', '.'],
        'npm run format',
      ),
  ],
  ['types', () => command('tsc', ['tsc', '-b'], 'Mend the types.')],
  ['layers', () => checkLayers(sources)],
  ['import cycles', () => checkCycles(sources)],
  ['ports', () => checkPorts(root, tracked)],
  ['sizes', () => checkSizes(sources)],
  ['prose', () => checkProse(sources)],
  ['generated pages', () => checkGeneratedDocs(root, fix)],
  ['links', () => checkLinks(root, tracked)],
];

let found = 0;
for (const [name, run] of checks) {
  const problems = await run();
  found += problems.length;
  console.log(`${problems.length ? 'FAIL' : 'ok  '} ${name}`);
  for (const p of problems) console.log(`     ${p.where}: ${p.what}\n       -> ${p.fix}`);
}
console.log(describeSizes(sources));
if (found) {
  console.error(`${found} problem${found === 1 ? '' : 's'}`);
  process.exitCode = 1;
}
