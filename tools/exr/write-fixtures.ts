/**
 * `npx tsx tools/exr/write-fixtures.ts`: has OpenEXR's and OpenImageIO's programs write the small files of packages/formats/test/fixtures, PIZ and
 * tiles, which our own writer does not make. The pictures are those of the tests.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { encodeExr } from '@rotokit/formats';
import { FIXTURES } from '../../packages/formats/test/support/exr-pictures.js';

const folder = mkdtempSync(join(tmpdir(), 'rotokit-fixtures-'));
try {
  for (const { name, make, image } of FIXTURES) {
    const from = join(folder, 'from.exr');
    writeFileSync(from, encodeExr(image));
    const to = resolve(import.meta.dirname, '../../packages/formats/test/fixtures', name);
    const [program, ...args] = make.map((a) => (a === 'FROM' ? from : a === 'TO' ? to : a));
    execFileSync(program!, args, { stdio: 'inherit' });
  }
} finally {
  rmSync(folder, { recursive: true });
}
