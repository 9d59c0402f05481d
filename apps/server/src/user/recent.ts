import { basename, join } from 'node:path';
import { z } from 'zod';
import type { FileEntry } from '../api/index.js';
import type { OpenFolders } from '../projects/folders.js';
import { JsonFile } from './json-file.js';

/** Projects that are remembered. */
const KEPT = 30;
const RecentFile = z.object({ version: z.literal(1), projects: z.array(z.string().max(4096)).max(200) });
type RecentFile = z.infer<typeof RecentFile>;

/** The projects that were open lately, the latest first. */
export class Recent {
  readonly #file: JsonFile<RecentFile>;

  constructor(folder: string) {
    this.#file = new JsonFile(join(folder, 'recent.json'), RecentFile, { version: 1, projects: [] });
  }

  /** Remembers a project. Forgetting one is no reason to fail. */
  async add(project: string): Promise<void> {
    await this.#file
      .change(({ projects }) => ({
        version: 1,
        projects: [project, ...projects.filter((p) => p !== project)].slice(0, KEPT),
      }))
      .catch(() => {});
  }

  /** Those that are there and lie within the opened folders. */
  async list(folders: OpenFolders): Promise<FileEntry[]> {
    const { projects } = await this.#file.read();
    const open = await Promise.all(projects.map((p) => folders.existing(p).catch(() => undefined)));
    return open.flatMap((path) =>
      path === undefined ? [] : [{ name: basename(path), path, kind: 'project' as const }],
    );
  }
}
