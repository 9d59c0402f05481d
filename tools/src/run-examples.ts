/** Runs every program of examples/ and of its folders in order and fails with the first that fails. A name given runs those below it only. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../examples');
const wanted = process.argv[2] ?? '';
for (const name of (readdirSync(folder, { recursive: true }) as string[])
  .filter((n) => /^(?:\w+[/\\])?\d\d-.*\.(ts|sh)$/.test(n) && n.startsWith(wanted))
  .sort()) {
  console.log(`\n== examples/${name}`);
  // Programs are run by what runs this one: Node with the loader for TypeScript.
  const [program, args] = name.endsWith('.sh') ? ['bash', [name]] : [process.execPath, [...process.execArgv, name]];
  const { status } = spawnSync(program, args, { cwd: folder, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`examples/${name} ended with ${status}`);
    process.exit(1);
  }
}
