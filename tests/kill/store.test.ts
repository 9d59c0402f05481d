import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { killRounds } from '../../tools/src/kill/rounds.js';
import { scratchFolder } from '../../tools/src/kill/seeded.js';

const folder = scratchFolder('rotokit-kill-');
afterAll(() => rmSync(folder, { recursive: true }));

it('kill -9 at a dozen random moments loses no frame, anchor or undo that was reported, and the rest goes on', async () => {
  const file = path.join(folder, 'trial.roto');
  let reported = 0;
  for await (const round of killRounds(file, 12, 20261)) {
    expect(round.lost).toEqual([]);
    expect(round.reported).toBeGreaterThanOrEqual(reported);
    reported = round.reported;
  }
  expect(reported).toBeGreaterThan(20);
  expect(readdirSync(folder)).toEqual(['trial.roto']);
}, 400_000);
