import { spawn } from 'node:child_process';
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { openRoto } from '@rotokit/store';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from './support/scratch.js';
import { trialProject } from './support/trial.js';

const folder = scratchFolder();
const HOLD = path.join(import.meta.dirname, 'support/hold.mjs');

const made = async (name: string) => {
  const file = path.join(folder, name);
  const { doc } = await trialProject(file);
  await doc.close();
  return file;
};

const holding = async (file: string) => {
  const child = spawn(process.execPath, [HOLD, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
};

describe('one writer at a time', () => {
  it('a second process is told who is writing, and a viewer is let in', async () => {
    const file = await made('held.roto');
    const child = await holding(file);
    await expect(openRoto(file)).rejects.toMatchObject({
      code: 'PROJECT_LOCKED',
      facts: { path: file, pid: child.pid, host: hostname() },
    });
    const viewer = await openRoto(file, { access: 'read' });
    expect((await viewer.load()).records).toHaveLength(2);
    await viewer.close();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  });

  it('a killed writer locks nobody out, and nothing has to be cleaned up by hand', async () => {
    const file = await made('killed.roto');
    const child = await holding(file);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(existsSync(`${file}-lock`)).toBe(true);
    const store = await openRoto(file);
    await store.close();
    expect(readdirSync(folder).filter((name) => name.startsWith('killed.roto'))).toEqual(['killed.roto']);
  });

  it('a link to the project is the project', async () => {
    const file = await made('linked.roto');
    const link = path.join(folder, 'link.roto');
    symlinkSync(file, link);
    const store = await openRoto(file);
    await expect(openRoto(link)).rejects.toMatchObject({ code: 'PROJECT_LOCKED' });
    await store.close();
  });

  it('a refused opening leaves no lock behind', async () => {
    const file = path.join(folder, 'text.roto');
    writeFileSync(file, 'not a project');
    for (let i = 0; i < 2; i++) await expect(openRoto(file)).rejects.toMatchObject({ code: 'PROJECT_UNREADABLE' });
    expect(existsSync(`${file}-lock`)).toBe(false);
  });
});
