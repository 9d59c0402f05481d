import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fuzzMedia } from '../../tools/src/fuzz-media/run.js';

const folder = mkdtempSync(path.join(tmpdir(), 'rotokit-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('150 damaged clips and pictures end in frames or a coded refusal, never in a crash, a hang or a leak', async () => {
  const report = await fuzzMedia(folder, 1, 150);
  expect(report.failures).toEqual([]);
  expect(Object.values(report.outcomes).reduce((a, b) => a + b, 0)).toBe(150);
  expect(report.outcomes.opened).toBeGreaterThan(20);
  expect(report.outcomes['refused MEDIA_UNREADABLE']).toBeGreaterThan(10);
  expect(report.leakedFiles).toBeLessThanOrEqual(0);
  expect(report.rss).toBeLessThan(600 * 2 ** 20);
}, 900_000);
