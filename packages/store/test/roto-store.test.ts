import path from 'node:path';
import { storeContract } from '@rotokit/core/contracts/store';
import { createRoto, openRoto } from '@rotokit/store';
import { scratchFolder } from './support/scratch.js';

const folder = scratchFolder();

let places = 0;
storeContract('the .roto file', () => {
  const file = path.join(folder, `p${places++}.roto`);
  return { create: (records) => createRoto(file, records), open: (access) => openRoto(file, { access }) };
});
