import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Studio, type StudioOptions, startStudio } from '@rotokit/server';
import type { OpenedProject, Session } from '@rotokit/server/api';
import { openSample } from 'rotokit/sample';
import { writeTinyClip } from '../../../../packages/rotokit/test/support/tiny-clip.js';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  readonly json: () => any;
}

/** What to send; headers replace those of a well-behaved page, and null leaves one out. */
export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string | Buffer;
  readonly json?: unknown;
}

/** A server over a folder of its own with a copy of the sample clip, and a client that behaves like the page unless told otherwise. */
export class TestStudio {
  readonly folder: string;
  readonly studio: Studio;
  readonly origin: string;
  readonly token: string;
  readonly log: string[];

  private constructor(folder: string, studio: Studio, log: string[]) {
    this.folder = folder;
    this.studio = studio;
    const url = new URL(studio.url);
    this.origin = url.origin;
    this.token = url.searchParams.get('token') as string;
    this.log = log;
  }

  /** `clip`: opens a copy of the sample; `tiny`: opens a disc that moves, of so many frames. */
  static async start(
    options: Partial<StudioOptions> & { readonly clip?: boolean; readonly tiny?: number } = {},
  ): Promise<TestStudio> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'rotokit-studio-')));
    const page = join(folder, '.page');
    await copyPage(page);
    const clip = join(folder, 'fox.mp4');
    const { clip: withClip = false, tiny, ...rest } = options;
    if (withClip) await copyFile((await openSample()).clip, clip);
    const log: string[] = [];
    const plate = tiny === undefined ? undefined : await writeTinyClip(folder, tiny);
    const opened = withClip ? { open: clip } : plate === undefined ? {} : { open: plate };
    const studio = await startStudio({ folders: [folder], page, log: (line) => log.push(line), ...opened, ...rest });
    return new TestStudio(folder, studio, log);
  }

  get cookie(): string {
    return `rotokit-${new URL(this.origin).port}=${this.token}`;
  }

  /** One request, as the page would send it. Nothing is followed. */
  ask(path: string, asking: Asking = {}): Promise<Answer> {
    const body = asking.json === undefined ? asking.body : JSON.stringify(asking.json);
    const headers: Record<string, string | null> = {
      cookie: this.cookie,
      origin: this.origin,
      'sec-fetch-site': 'same-origin',
      ...(asking.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...asking.headers,
    };
    const sent = Object.fromEntries(Object.entries(headers).filter(([, v]) => v !== null)) as Record<string, string>;
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.origin);
      const call = request({ hostname, port, path, method: asking.method ?? 'GET', headers: sent }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const whole = Buffer.concat(parts);
          const { statusCode = 0, headers: h } = response;
          resolve({ status: statusCode, headers: h, body: whole, json: () => JSON.parse(whole.toString()) });
        });
      });
      call.on('error', reject);
      if (body !== undefined) call.write(body);
      call.end();
    });
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
async function copyPage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of ['index.html', 'studio.js', 'studio.css', 'icon.svg']) await writeFile(join(folder, name), name);
}
