import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { discCentre, rotokit, writeTinyClip } from '../../packages/rotokit/test/support/tiny-clip.js';
import { killCommand } from '../../tools/src/kill/command-rounds.js';

const folder = mkdtempSync(join(tmpdir(), 'rotokit-kill-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('kill -9 while tracking and while exporting loses no frame that was reported, and the same command does the rest', async () => {
  const clip = await writeTinyClip(folder, 60);
  const out = join(folder, 'out');
  const { x, y } = discCentre(0);
  const args = ['roto', clip, '--object', 'hero', '--click', `${x},${y}`, '--as', 'exr', '-o', out];
  const project = join(out, 'plate.roto');
  let rounds = 0;
  for (const [phase, after] of [
    ['tracking', 1],
    ['tracking', 9],
    ['tracking', 4],
    ['export', 1],
    ['export', 25],
    ['export', 11],
  ] as const) {
    const round = await killCommand(args, out, project, phase, after);
    if (!round) continue;
    rounds++;
    expect(round.lost).toEqual([]);
    expect(round.reported).toBeGreaterThanOrEqual(after);
  }
  expect(rounds).toBeGreaterThanOrEqual(4);
  const { code, stdout } = await rotokit([...args, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ frames: 60 });
  const files = readdirSync(join(out, 'exr'));
  expect(files).toHaveLength(60);
  expect(files.every((f) => f.endsWith('.exr'))).toBe(true);
}, 300_000);
