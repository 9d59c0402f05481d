import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deliver } from './deliver.js';
import { renderFrames } from './frames.js';

/**
 * Makes the clip that ships with the package, and its exact mattes: renders every frame of the scene in this folder, then
 * develops and encodes them. `npm run make:sample -- --jobs 8`. Frames that are there already are not rendered again.
 */
const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const { values: options } = parseArgs({
  options: {
    jobs: { type: 'string', default: '2' },
    passes: { type: 'string', default: '16' },
    scale: { type: 'string', default: '1' },
    frames: { type: 'string', default: join(root, '.cache/sample') },
    output: { type: 'string', default: join(root, 'packages/rotokit/sample') },
  },
});

await renderFrames(options.frames, {
  jobs: Number(options.jobs),
  passes: Number(options.passes),
  scale: Number(options.scale),
});
for (const path of await deliver(options.frames, options.output))
  process.stdout.write(`${path}: ${statSync(path).size} bytes\n`);
