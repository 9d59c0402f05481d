import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ByteStore } from '@rotokit/core/resources';
import { fileOf, sealed, unsealed } from './disk-files.js';
import { processAlive } from './process-alive.js';

/** How much a disk tier may hold. */
export interface DiskTierOptions {
  /** Most bytes of all files. */
  readonly bytes: number;
}

/** Counts since the tier was opened by this process. */
export interface DiskTierStatistics {
  /** Bytes in the folder when it was last looked through, and what this process wrote since. */
  readonly bytes: number;
  /** Files that were not whole, or not what their name says; they were deleted. */
  readonly damaged: number;
  /** Files deleted to stay within the limit. */
  readonly evicted: number;
}

const NAME = /^[0-9a-f]{64}$/;
const PART = /^[0-9a-f]{64}\.(\d+)-(.+)-\d+\.part$/;
/** A part of another machine counts as left behind after this. */
const ABANDONED_MS = 3_600_000;
/** This process looks through the folder anew after it wrote this share of the limit. */
const LOOK_AGAIN = 1 / 16;

/** Of the whole process: it may have several tiers over one folder. */
let parts = 0;

/**
 * A disk cache in a folder. A file appears under its name only when it is whole, and is verified by its sha256 when it is read: what came to
 * harm is deleted and not found. The files read longest ago go first. Any number of processes may use a folder, and may be killed at any
 * moment: each looks through it after every sixteenth of the limit that it wrote, which is how far each may go beyond it meanwhile.
 */
export class DiskTier implements ByteStore {
  readonly #folder: string;
  readonly #limit: number;
  #bytes = 0;
  #writtenSince = Number.POSITIVE_INFINITY;
  #damaged = 0;
  #evicted = 0;
  #tidying: Promise<void> | undefined;

  /** The folder is made when the first bytes come. @throws RangeError unless the limit is a number of at least 0. */
  constructor(folder: string, { bytes }: DiskTierOptions) {
    if (!(bytes >= 0)) throw new RangeError(`options.bytes must be a number of at least 0, got ${bytes}`);
    this.#folder = folder;
    this.#limit = bytes;
  }

  /** How it fares. */
  get statistics(): DiskTierStatistics {
    return { bytes: this.#bytes, damaged: this.#damaged, evicted: this.#evicted };
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const path = join(this.#folder, fileOf(key));
    const file = await readFile(path).catch((e: NodeJS.ErrnoException) => {
      if (e.code === 'ENOENT') return undefined;
      throw e;
    });
    if (!file) return undefined;
    const payload = unsealed(key, file);
    if (!payload) {
      this.#damaged++;
      await rm(path, { force: true });
      return undefined;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => {}); // deleted meanwhile by another process: we have it
    return payload;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const file = sealed(key, bytes);
    if (file.length > this.#limit) return;
    const path = join(this.#folder, fileOf(key));
    const part = `${path}.${process.pid}-${hostname()}-${++parts}.part`;
    await mkdir(this.#folder, { recursive: true });
    try {
      await writeFile(part, file);
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    this.#bytes += file.length;
    this.#writtenSince += file.length;
    if (this.#bytes > this.#limit || this.#writtenSince > this.#limit * LOOK_AGAIN) await this.#tidy();
  }

  /** Which of some keys have a file, at the cost of listing the folder once. Whether a file is whole shows when it is read. */
  async holds(keys: readonly string[]): Promise<readonly boolean[]> {
    const names = new Set(await readdir(this.#folder).catch(() => []));
    return keys.map((key) => names.has(fileOf(key)));
  }

  async delete(key: string): Promise<void> {
    await rm(join(this.#folder, fileOf(key)), { force: true });
  }

  #tidy(): Promise<void> {
    this.#tidying ??= this.#lookThrough().finally(() => (this.#tidying = undefined));
    return this.#tidying;
  }

  /** Deletes what dead processes left and, the longest unread first, what is beyond the limit. */
  async #lookThrough(): Promise<void> {
    this.#writtenSince = 0;
    const files: { readonly path: string; readonly bytes: number; readonly read: number }[] = [];
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const facts = await stat(path).catch(() => undefined);
      if (!facts) continue;
      if (NAME.test(name)) files.push({ path, bytes: facts.size, read: facts.mtimeMs });
      else if (isLeft(name, facts.mtimeMs)) await rm(path, { force: true });
    }
    let bytes = files.reduce((sum, f) => sum + f.bytes, 0);
    for (const { path, bytes: size } of files.sort((a, b) => a.read - b.read)) {
      if (bytes <= this.#limit) break;
      await rm(path, { force: true });
      this.#evicted++;
      bytes -= size;
    }
    this.#bytes = bytes;
  }
}

/** Whether a part was left by a process that is no more. */
function isLeft(name: string, touched: number): boolean {
  const [, pid, host] = PART.exec(name) ?? [];
  if (pid === undefined) return false;
  return host === hostname() ? !processAlive(Number(pid)) : Date.now() - touched > ABANDONED_MS;
}
