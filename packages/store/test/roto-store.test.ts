import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { storeContract } from '@rotokit/core/contracts/store';
import { createRoto, openRoto } from '@rotokit/store';
import { afterAll } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'rotokit-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

let places = 0;
storeContract('the .roto file', () => {
  const file = path.join(folder, `p${places++}.roto`);
  return { create: (records) => createRoto(file, records), open: (access) => openRoto(file, { access }) };
});
