import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const MAIN = resolve(import.meta.dirname, '../dist/command/main.js');
const scratch = mkdtempSync(join(tmpdir(), 'rotokit-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const bench = (...args: string[]) =>
  spawnSync(process.execPath, [MAIN, 'bench', 'neural', ...args], {
    encoding: 'utf8',
    env: { ...process.env, ROTOKIT_MODELS: join(scratch, 'models'), TMPDIR: scratch },
  });

describe('rotokit bench neural', () => {
  it('follows a made-up object with random weights, tells its memory, and leaves nothing behind', () => {
    const { stdout, status } = bench('edgetam', '--memory', '2', '--side', '256', '--threads', '1', '--json');
    expect(status).toBe(0);
    const told = JSON.parse(stdout) as { model: string; weights: string; memory: [number, number][] };
    expect(told).toMatchObject({ model: 'edgetam', weights: 'random' });
    expect(told.memory.map(([n]) => n)).toEqual([1, 2]);
    for (const [, mb] of told.memory) expect(mb).toBeGreaterThan(50);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('tells what a first click and the next one cost, and leaves nothing behind', () => {
    const { stdout, status } = bench('edgetam', '--clicks', '--side', '256', '--threads', '1', '--json');
    expect(status).toBe(0);
    const told = JSON.parse(stdout) as { msFirstClick: number; msNextClick: number };
    expect(told).toMatchObject({ model: 'edgetam', weights: 'random', threads: 1 });
    for (const ms of [told.msFirstClick, told.msNextClick]) expect(ms).toBeGreaterThan(0);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('ends with what a reference complained about when that cannot start', () => {
    const { stderr, status } = bench('edgetam', '--python', process.execPath, '--reference', import.meta.filename);
    expect(status).not.toBe(0);
    expect(stderr).toContain('ended early');
    expect(readdirSync(scratch)).toEqual([]);
  });

  it.each([
    [['nosuch'], 'model: nosuch is none of sam2.1-large, sam2.1-base-plus, '],
    [['--threads', '0'], '--threads must be a whole number of at least 1, is 0'],
    [['--side', '100'], '--side must be a multiple of 128, is 100'],
    [['edgetam', '--clicks', '--side', '128'], '--side must be a multiple of 256 for edgetam, is 128'],
    [['--python', 'python3', '--reference', 'nowhere.py'], '--reference nowhere.py is not there'],
  ])('refuses %j', (args, reason) => {
    const { stderr, status } = bench(...args);
    expect(status).not.toBe(0);
    expect(stderr).toContain(reason);
  });
});
