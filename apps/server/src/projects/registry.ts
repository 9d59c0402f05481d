import { dirname, resolve } from 'node:path';
import type { OpenedProject } from '../api/index.js';
import type { OpenFolders } from './folders.js';
import { clipOf, type OpenParts, OpenProject, projectFile, projectId } from './open-project.js';

/** Projects that may be open at once: each has a process and an engine. */
const MOST_OPEN = 8;

/** An opening that is refused because too much is open. */
export class TooMany extends Error {}

/** How to open something. */
export interface OpenChoices {
  readonly project?: string | undefined;
  readonly named?: boolean;
}

/** The projects that are open. One project is opened once, however often it is asked for. */
export class Registry {
  readonly folders: OpenFolders;
  readonly #onOpen: (project: string) => void;
  readonly #open = new Map<string, Promise<OpenProject>>();

  readonly #parts: Omit<OpenParts, 'folders'>;

  /** `onOpen` is told of every project file that was opened. */
  constructor(folders: OpenFolders, parts: Omit<OpenParts, 'folders'>, onOpen: (project: string) => void = () => {}) {
    this.folders = folders;
    this.#parts = parts;
    this.#onOpen = onOpen;
  }

  /**
   * Opens a clip or a project within the opened folders. `project` names the file that keeps the work. `named`: the user named it on the command line, so
   * that the folder of the clip it is about is open as well. @throws PathRefused, CallFailed, TooMany
   */
  async open(path: string, { project, named = false }: OpenChoices = {}): Promise<OpenProject> {
    const clip = await this.folders.clip(path);
    const file = await this.folders.writable(project ?? projectFile(clip, this.folders.roots[0] as string), '.');
    await this.#checkClip(file, named);
    const id = projectId(file);
    const known = this.#open.get(id);
    if (known && (await known).process.alive) return known;
    if (known) await this.close(id);
    if (this.#open.size >= MOST_OPEN) throw new TooMany(`${MOST_OPEN} projects are open; close one first`);
    const opening = OpenProject.open(clip, file, { ...this.#parts, folders: this.folders.roots });
    this.#open.set(id, opening);
    opening.then(
      () => this.#onOpen(file),
      () => this.#open.delete(id),
    );
    return opening;
  }

  /** A project file says itself where its clip is: that must lie within the opened folders too. */
  async #checkClip(project: string, named: boolean): Promise<void> {
    const told = await clipOf(project);
    if (told === undefined) return;
    const clip = resolve(dirname(project), told);
    if (named) await this.folders.add(dirname(clip)).catch(() => {});
    await this.folders.clip(clip);
  }

  /** Whether the project of a clip or project file is open. */
  opened(path: string): boolean {
    return this.#open.has(projectId(projectFile(path, this.folders.roots[0] as string)));
  }

  /** An open project by its id; undefined when none is. */
  get(id: string): Promise<OpenProject> | undefined {
    return this.#open.get(id);
  }

  /** All open projects. */
  async list(): Promise<OpenedProject[]> {
    const all = await Promise.all(this.#open.values());
    return all.map(({ id, shot, path }) => ({ id, shot, path }));
  }

  /** Closes one; nothing happens where it is not open. */
  async close(id: string): Promise<void> {
    const open = this.#open.get(id);
    this.#open.delete(id);
    await (await open?.catch(() => undefined))?.close();
  }

  /** Closes everything. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.close(id)));
  }
}
