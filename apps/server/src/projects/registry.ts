import type { OpenedProject } from '../api/index.js';
import type { OpenFolders } from './folders.js';
import { OpenProject, projectFile, projectId } from './open-project.js';

/** Projects that may be open at once: each has a process and an engine. */
const MOST_OPEN = 8;

/** An opening that is refused because too much is open. */
export class TooMany extends Error {}

/** The projects that are open. One project is opened once, however often it is asked for. */
export class Registry {
  readonly folders: OpenFolders;
  readonly #open = new Map<string, Promise<OpenProject>>();

  constructor(folders: OpenFolders) {
    this.folders = folders;
  }

  /** Opens a clip or a project within the opened folders. `project` names the file that keeps the work. */
  async open(path: string, project?: string): Promise<OpenProject> {
    const clip = await this.folders.existing(path);
    const file = await this.folders.writable(project ?? projectFile(clip, this.folders.roots[0] as string), '.');
    const id = projectId(file);
    const known = this.#open.get(id);
    if (known && (await known).process.alive) return known;
    if (known) await this.close(id);
    if (this.#open.size >= MOST_OPEN) throw new TooMany(`${MOST_OPEN} projects are open; close one first`);
    const opening = OpenProject.open(clip, file, this.folders.roots);
    this.#open.set(id, opening);
    opening.catch(() => this.#open.delete(id));
    return opening;
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
