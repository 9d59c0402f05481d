import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, resolve, sep } from 'node:path';
import type { FolderListing } from '../api/index.js';

/** A path that the server does not touch: outside the opened folders, or not there. The two are not told apart. */
export class PathRefused extends Error {}

const CLIPS = new Set(
  '.mov .mp4 .m4v .mkv .webm .avi .mxf .mts .m2ts .mpg .mpeg .ogv .exr .dpx .png .jpg .jpeg .tif .tiff'.split(' '),
);

/** Entries of one folder that are listed at most. */
const LISTED = 2000;

/**
 * The folders that a user opened by starting the server there. Nothing outside of them is read, listed or written: every path is
 * resolved first, symbolic links included, and compared with the resolved folders.
 */
export class OpenFolders {
  #roots: readonly string[];

  private constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /** Absolute, links resolved. */
  get roots(): readonly string[] {
    return this.#roots;
  }

  /** Opens one more folder, which the user named on the command line. */
  async add(folder: string): Promise<void> {
    this.#roots = [...new Set([...this.#roots, await realpath(folder)])];
  }

  /** Opens folders. @throws Error of the file system for one that is not there. */
  static async of(folders: readonly string[]): Promise<OpenFolders> {
    return new OpenFolders([...new Set(await Promise.all(folders.map((f) => realpath(f))))]);
  }

  /** An existing file or folder, links resolved. Image sequences are named by pattern; then their folder must exist. @throws PathRefused */
  async existing(path: string): Promise<string> {
    const full = this.#absolute(path);
    const pattern = /[#%]/.test(basename(full));
    const real = await realpath(pattern ? dirname(full) : full).catch(() => undefined);
    return this.#inside(real && (pattern ? join(real, basename(full)) : real));
  }

  /**
   * A clip: a file, or a pattern or folder of pictures, none of which may be a link to somewhere else. @throws PathRefused
   */
  async clip(path: string): Promise<string> {
    const real = await this.existing(path);
    const pattern = /[#%]/.test(basename(real));
    const folder = pattern || (await isFolder(real)) ? (pattern ? dirname(real) : real) : undefined;
    if (folder !== undefined) await this.noWayOut(folder, () => true);
    return real;
  }

  /** Makes sure that nothing in a folder which counts is a link to somewhere else; a folder that is not there is fine. @throws PathRefused */
  async noWayOut(folder: string, counts: (name: string) => boolean): Promise<void> {
    for (const e of await readdir(folder, { withFileTypes: true }).catch(() => []))
      if (e.isSymbolicLink() && counts(e.name))
        this.#inside(await realpath(join(folder, e.name)).catch(() => undefined));
  }

  /** A file or folder that may have to be made: its nearest existing ancestor decides. @throws PathRefused */
  async writable(path: string, base: string): Promise<string> {
    const full = this.#absolute(path, base);
    let [there, rest] = [full, ''];
    for (;;) {
      const real = await realpath(there).catch(() => undefined);
      if (real !== undefined) return this.#inside(rest ? join(real, rest) : real);
      // A link to nowhere would be followed by whoever writes; what cannot be resolved is not a place to write.
      if (await isLink(there)) throw new PathRefused(path);
      const above = dirname(there);
      if (above === there) throw new PathRefused(path);
      rest = rest ? join(basename(there), rest) : basename(there);
      there = above;
    }
  }

  /** What lies in a folder. @throws PathRefused */
  async list(path: string): Promise<FolderListing> {
    const folder = await this.existing(path);
    const there = await stat(folder).catch(() => undefined);
    if (!there?.isDirectory()) throw new PathRefused(path);
    const entries: FolderListing['entries'] = [];
    for (const e of (await readdir(folder, { withFileTypes: true })).slice(0, LISTED)) {
      if (e.name.startsWith('.') || e.isSymbolicLink()) continue;
      const extension = extname(e.name).toLowerCase();
      const kind = e.isDirectory()
        ? 'folder'
        : extension === '.roto'
          ? 'project'
          : CLIPS.has(extension)
            ? 'clip'
            : undefined;
      if (kind) entries.push({ name: e.name, path: join(folder, e.name), kind });
    }
    entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
    const parent = this.#holds(dirname(folder)) && dirname(folder) !== folder ? dirname(folder) : undefined;
    return { path: folder, entries, ...(parent ? { parent } : {}) };
  }

  #absolute(path: string, base = this.#roots[0] as string): string {
    if (path.includes('\0')) throw new PathRefused(path);
    return isAbsolute(path) ? resolve(path) : resolve(base, path);
  }

  #inside(real: string | undefined): string {
    if (real === undefined || !this.#holds(real)) throw new PathRefused('a path outside the opened folders');
    return real;
  }

  #holds(real: string): boolean {
    return this.#roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep));
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  );

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (s) => s.isSymbolicLink(),
    () => false,
  );
}
