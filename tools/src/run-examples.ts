/** Runs every program of examples/ in order and fails with the first that fails. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../examples');
for (const name of readdirSync(folder)
  .filter((n) => /^\d\d-.*\.(ts|sh)$/.test(n))
  .sort()) {
  console.log(`\n== examples/${name}`);
  const [program, args] = name.endsWith('.sh') ? ['bash', [name]] : ['npx', ['tsx', name]];
  const { status } = spawnSync(program, args, { cwd: join(folder), stdio: 'inherit' });
  if (status !== 0) {
    console.error(`examples/${name} ended with ${status}`);
    process.exit(1);
  }
}
