/**
 * `npm run lock`: adds to package-lock.json the platform packages that npm leaves out when the registry it was run
 * against carries some platforms only. Without them `npm ci` refuses the lock everywhere. They get version, system and
 * processor from their names, and no checksum, because there was nothing to take one of.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Entry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'win32', 'openharmony', 'aix', 'netbsd', 'openbsd', 'sunos'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

const path = resolve(import.meta.dirname, '../../package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Entry> };
let added = 0;
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || !/^\d+\.\d+\.\d+/.test(version)) continue;
    const words = name.split(/[/-]/);
    const system = SYSTEMS.find((s) => words.includes(s));
    const processor = PROCESSORS.find((p) => words.some((w) => w === p || (p === 'arm' && w === 'armv7')));
    const libc = words.some((w) => w.startsWith('musl'))
      ? 'musl'
      : words.some((w) => w.startsWith('gnu'))
        ? 'glibc'
        : undefined;
    lock.packages[key] = {
      version,
      ...(processor ? { cpu: [processor] } : {}),
      ...(libc && system === 'linux' ? { libc: [libc] } : {}),
      optional: true,
      ...(system ? { os: [system] } : {}),
    };
    added++;
    console.log(`${name}@${version} ${system ?? 'any'} ${processor ?? 'any'} ${libc ?? ''}`);
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
console.log(`${added} added`);
