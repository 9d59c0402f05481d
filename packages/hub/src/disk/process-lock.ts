import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Who holds a lock. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/** A lock that this process holds. */
export interface HeldLock {
  /** Whether it is still ours; not so after the machine slept for longer than others wait. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}

const BEAT = 2000;

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/**
 * Takes a lock that is a file, or says who has it. The holder touches the file every two seconds. Throws what Node throws
 * when the file cannot be made.
 */
export async function tryLock(path: string): Promise<HeldLock | Holder> {
  const holder: Holder = { pid: process.pid, host: hostname(), token: randomUUID() };
  const own = `${path}.${holder.token}`;
  const file = await open(own, 'wx');
  await file.writeFile(JSON.stringify(holder)).finally(() => file.close());
  try {
    await link(own, path);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
    return (await holderOf(path)) ?? { pid: 0, host: '', token: '' };
  } finally {
    await rm(own, { force: true });
  }
  const held = async () => (await holderOf(path))?.token === holder.token;
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, BEAT);
  beat.unref();
  return {
    held,
    async release() {
      clearInterval(beat);
      if (await held()) await rm(path, { force: true });
    },
  };
}

/** Looks at a lock again and again and tells when its holder must be dead. One watch for one wait. */
export class LockWatch {
  readonly #path: string;
  #seen = '';
  #since = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Looks once. True when the holder's process is gone from this machine, or the file was not touched for `patience` milliseconds of watching: clocks of two
   * machines are never compared.
   */
  async isStale(patience: number): Promise<boolean> {
    const [holder, facts] = await Promise.all([holderOf(this.#path), stat(this.#path).catch(() => undefined)]);
    if (!facts) return false;
    if (holder && holder.host === hostname() && !isAlive(holder.pid)) return true;
    const seen = `${holder?.token} ${facts.mtimeMs}`;
    const now = performance.now();
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.#since = now;
    }
    return now - this.#since > patience;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Takes away a lock that was found stale. It is moved aside first, so that of two who try only one succeeds; if what was moved turns out to be
 * somebody's fresh lock, it is put back.
 */
export async function breakLock(path: string, stale: Holder): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await holderOf(aside))?.token !== (stale.token || undefined)) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}
