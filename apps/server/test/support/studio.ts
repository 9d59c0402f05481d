import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Studio, type StudioOptions, startStudio } from '@rotokit/server';
import type { OpenedProject, Session } from '@rotokit/server/api';
import { openSample } from 'rotokit/sample';
import { writeTinyClip } from '../../../../packages/rotokit/test/support/tiny-clip.js';
import { type Answer, type Asking, Client } from './client.js';

/** A server over a folder of its own with a copy of the sample clip, and a client that behaves like the page unless told otherwise. */
export class TestStudio {
  readonly folder: string;
  readonly studio: Studio;
  readonly client: Client;
  readonly log: string[];

  private constructor(folder: string, studio: Studio, log: string[]) {
    this.folder = folder;
    this.studio = studio;
    this.client = new Client(studio.url);
    this.log = log;
  }

  /** `clip`: opens a copy of the sample; `tiny`: opens a disc that moves, of so many frames. */
  static async start(
    options: Partial<StudioOptions> & { readonly clip?: boolean; readonly tiny?: number } = {},
  ): Promise<TestStudio> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'rotokit-studio-')));
    const page = join(folder, '.page');
    await standInPage(page);
    const clip = join(folder, 'fox.mp4');
    const { clip: withClip = false, tiny, ...rest } = options;
    if (withClip) await copyFile((await openSample()).clip, clip);
    const log: string[] = [];
    const plate = tiny === undefined ? undefined : await writeTinyClip(folder, tiny);
    const opened = withClip ? { open: clip } : plate === undefined ? {} : { open: plate };
    const studio = await startStudio({
      folders: [folder],
      page,
      config: join(folder, '.config'),
      log: (line) => log.push(line),
      ...opened,
      ...rest,
    });
    return new TestStudio(folder, studio, log);
  }

  get origin(): string {
    return this.client.origin;
  }

  get token(): string {
    return this.client.token;
  }

  get cookie(): string {
    return this.client.cookie;
  }

  /** One request, as the page would send it. Nothing is followed. */
  ask(path: string, asking: Asking = {}): Promise<Answer> {
    return this.client.ask(path, asking);
  }

  /** The project that was opened at the start. */
  async project(): Promise<OpenedProject> {
    const session = (await this.ask('/api/session')).json() as Session;
    return session.projects[0] as OpenedProject;
  }

  /** Ends the server and removes its folder. */
  async stop(): Promise<void> {
    await this.studio.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A page of the names that the server serves, so that these tests do not need the bundle. */
export async function standInPage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of ['index.html', 'studio.js', 'studio.css', 'icon.svg']) await writeFile(join(folder, name), name);
}
