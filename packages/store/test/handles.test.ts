import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { RotokitError } from '@rotokit/core/values';
import { openRoto } from '@rotokit/store';
import { expect, it } from 'vitest';
import { scratchFolder } from './support/scratch.js';
import { trialProject } from './support/trial.js';

const folder = scratchFolder();

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

it.skipIf(process.platform !== 'linux')(
  'what is closed, or could not be opened, leaves no file handle behind',
  async () => {
    const file = path.join(folder, 'shot.roto');
    await (await trialProject(file)).doc.close();
    const bad = path.join(folder, 'bad.roto');
    writeFileSync(bad, 'no project at all '.repeat(100));
    const handles = () => readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(folder)).length;
    for (let i = 0; i < 20; i++) {
      for (const access of ['read', 'write'] as const) {
        const store = await openRoto(file, { access });
        await store.load();
        await store.close();
        // Not `expect(...).rejects`: it keeps the error, whose stack keeps what was at work.
        expect(await openRoto(bad, { access }).catch((e: RotokitError) => e.code)).toBe('PROJECT_UNREADABLE');
      }
    }
    for (let tries = 0; handles() && tries < 20; tries++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(handles()).toBe(0);
  },
);

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
