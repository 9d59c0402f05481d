import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskTier } from 'rotokit/resources';

/** Raised whenever pictures are made in another way: what an older version kept is then never found again, and goes as the longest unused. */
const MAKER_VERSION = 1;
/** The folder of one clip. */
const CLIP = /^[0-9a-f]{32}$/;
/** A folder that was put aside to be deleted. */
const GONE = /^[0-9a-f]{32}\.gone-\d+-\d+$/;
/** Touched when a clip is used. */
const USED = 'used';

/** The pictures of one clip on disk. */
export interface ClipShelf {
  readonly folder: string;
  readonly store: DiskTier;
  /** The key of a frame's picture in `store`, counted from 0. */
  key(index: number): string;
}

/**
 * Pictures for playing, of every clip that was open, in one folder with one for each clip. Together they take at most so many bytes: the clips used longest
 * ago go first, whole. Several processes may use one folder; a clip that goes while it is used is made again.
 */
export class ProxyShelf {
  readonly #folder: string;
  readonly #using = new Set<string>();
  #gone = 0;
  /** Most bytes of all clips together. */
  readonly limit: number;

  constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.limit = limit;
  }

  /** The place of a clip by its identity and the lines of its pictures, marked as used now. @throws Error of the file system. */
  async clip(identity: string, lines: number): Promise<ClipShelf> {
    const name = createHash('sha256').update(`${MAKER_VERSION}/${lines}/${identity}`).digest('hex').slice(0, 32);
    const folder = join(this.#folder, name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, USED), '');
    this.#using.add(name);
    return clipShelf(folder, this.limit);
  }

  /** Lets the clips used longest ago go until all are within the limit; those that this process uses stay. Failures cost room, nothing else. */
  async tidy(): Promise<void> {
    const clips: { readonly name: string; readonly bytes: number; readonly used: number }[] = [];
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (CLIP.test(name)) clips.push({ name, ...(await this.#facts(name)) });
      else if (GONE.test(name)) await this.#remove(name);
    }
    let bytes = clips.reduce((n, c) => n + c.bytes, 0);
    for (const { name, bytes: size } of clips.sort((a, b) => a.used - b.used)) {
      if (bytes <= this.limit) break;
      if (this.#using.has(name)) continue;
      // Out of sight at once: nobody is to find half of a clip.
      const aside = `${name}.gone-${process.pid}-${++this.#gone}`;
      await rename(join(this.#folder, name), join(this.#folder, aside)).catch(() => {});
      await this.#remove(aside);
      bytes -= size;
    }
  }

  async #facts(name: string): Promise<{ readonly bytes: number; readonly used: number }> {
    const folder = join(this.#folder, name);
    const used = await stat(join(folder, USED)).then(
      (s) => s.mtimeMs,
      () => 0,
    );
    return { bytes: await bytesIn(folder), used };
  }

  #remove(name: string): Promise<void> {
    return rm(join(this.#folder, name), { recursive: true, force: true }).catch(() => {});
  }
}

/** The pictures in a clip's folder. */
export const clipShelf = (folder: string, limit: number): ClipShelf => ({
  folder,
  store: new DiskTier(folder, { bytes: limit }),
  key: String,
});

/** Bytes of all files in a folder. */
export async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const file of await readdir(folder).catch(() => []))
    bytes += await stat(join(folder, file)).then(
      (s) => s.size,
      () => 0,
    );
  return bytes;
}
