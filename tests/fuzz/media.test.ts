import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fuzzMedia } from '../../tools/src/fuzz-media/run.js';

const folder = mkdtempSync(path.join(tmpdir(), 'rotokit-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('1,000 damaged clips and pictures end in frames or a coded refusal, never in a crash, a hang or a leak', async () => {
  const report = await fuzzMedia(folder, 1, 1000);
  expect(report.failures).toEqual([]);
  expect(Object.values(report.outcomes).reduce((a, b) => a + b, 0)).toBe(1000);
  expect(report.outcomes.opened).toBeGreaterThan(100);
  expect(report.outcomes['refused MEDIA_UNREADABLE']).toBeGreaterThan(100);
  expect(report.leakedFiles).toBeLessThanOrEqual(0);
  expect(report.rss).toBeLessThan(600 * 2 ** 20);
}, 900_000);
