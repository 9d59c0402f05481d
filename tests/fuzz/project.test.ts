import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { fuzzProjects } from '../../tools/src/fuzz-project/run.js';
import { scratchFolder } from '../../tools/src/kill/seeded.js';

const folder = scratchFolder('rotokit-fuzz-');
afterAll(() => rmSync(folder, { recursive: true }));

it('1,000 damaged project files end in a working project or a coded refusal, never in a crash or a hang', async () => {
  const { outcomes, failures } = await fuzzProjects(folder, 1, 1000);
  expect(failures).toEqual([]);
  expect(Object.values(outcomes).reduce((a, b) => a + b, 0)).toBe(1000);
  expect(outcomes['refused PROJECT_UNREADABLE']).toBeGreaterThan(100);
}, 900_000);
