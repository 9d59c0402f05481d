import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { processAlive } from './process-alive.js';

const OWNED = /^rotokit-[a-z]+-(\d+)-(.+)-[A-Za-z0-9]{6}$/;

/**
 * A new folder among the temporary ones that is this process's: its name says whose, so that no other takes it away while the process lives, and the next
 * one that needs such a folder takes it away when the process was ended before it could. The caller removes it. @throws what the file system refuses with.
 */
export async function ownFolder(purpose: 'scratch' | 'features'): Promise<string> {
  await removeLeft();
  return mkdtemp(join(tmpdir(), `rotokit-${purpose}-${process.pid}-${hostname()}-`));
}

/** Removes what processes of this machine left that are no more. Another machine's folders are its own business. */
async function removeLeft(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid, host] = OWNED.exec(name) ?? [];
    if (pid === undefined || host !== hostname() || processAlive(Number(pid))) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {}); // another user's, or another process was quicker
  }
}
