import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '@rotokit/core/ports';
import { resolveHardware } from '@rotokit/core/resources';
import { openClip, type ProxySource } from '@rotokit/media';
import { openRoto as openStore } from '@rotokit/store';
import type { RotoOptions } from 'rotokit';
import { machineFacts } from 'rotokit/resources';
import type { Job, ProjectState, Proxies as ProxiesState } from '../api/index.js';
import type { HostRequest } from '../host/messages.js';
import { Calm } from '../pictures/calm.js';
import { Pictures } from '../pictures/pictures.js';
import { Proxies } from '../pictures/proxies.js';
import type { ProxyShelf } from '../pictures/proxy-shelf.js';
import { EventHub } from './event-hub.js';
import { CallFailed, ProjectProcess } from './project-process.js';

/** Tries to become the writer of a project whose last writer may just be ending. */
const LOCK_TRIES = 15;
const LOCK_PAUSE_MS = 200;

/** Bytes of decoded frames that are kept whatever the limit: five of 3840x2160. A step back would else decode from the key frame before. */
const LEAST_RING = 64e6;

/** What projects are opened with. */
export interface OpenParts {
  /** The folders that may be written to. */
  readonly folders: readonly string[];
  /** Where pictures for playing are kept. */
  readonly shelf: ProxyShelf;
  /** How much of the machine each process may use. */
  readonly resources: ResourceChoices;
}

/** A preset of docs/hardware.md, and most bytes of memory that a process should take. */
export type ResourceChoices = Pick<RotoOptions, 'hardware' | 'memoryLimit'>;

const limitOf = ({ memoryLimit }: ResourceChoices) => (memoryLimit === undefined ? {} : { memoryLimit });

/** An open project: its process, which edits and tracks; and, beside it, a decoder and a viewer's store, so that pictures never wait for it. */
export class OpenProject implements AsyncDisposable {
  readonly id: string;
  readonly shot: string;
  /** The project file. */
  readonly path: string;
  readonly clip: ProjectState['clip'];
  readonly events: EventHub;
  readonly pictures: Pictures;
  readonly proxies: Proxies;
  readonly #process: ProjectProcess;
  readonly #source: ProxySource;
  readonly #store: Store;

  private constructor(parts: {
    state: ProjectState;
    process: ProjectProcess;
    events: EventHub;
    source: ProxySource;
    store: Store;
    proxies: Proxies;
    calm: Calm;
    kept: number;
  }) {
    const { state, process, events, source, store, proxies, calm, kept } = parts;
    this.id = state.id;
    this.shot = state.shot;
    this.path = state.path;
    this.clip = state.clip;
    this.#process = process;
    this.events = events;
    this.#source = source;
    this.#store = store;
    this.proxies = proxies;
    this.pictures = new Pictures({ source, store, proxies, calm, kept });
  }

  /** Opens a project, or a clip whose work is kept in `project`. @throws CallFailed. RangeError for a preset or a limit that is none. */
  static async open(path: string, project: string, { folders, shelf, resources }: OpenParts): Promise<OpenProject> {
    const { decoded } = resolveHardware(resources.hardware ?? 'auto', machineFacts(), limitOf(resources)).settings;
    const events = new EventHub();
    const calm = new Calm();
    const request = { id: projectId(project), path, project, folders, resources };
    const process = await startPatiently(request, events, calm);
    try {
      const state = await process.call('state');
      holdForJobs(state.jobs, events, calm); // at once: the next event may say that one has ended
      const clip = resolve(dirname(project), state.clip.path);
      const source = await openClip(clip, { ringBytes: Math.max(decoded, LEAST_RING) });
      try {
        const store = await openStore(project, { access: 'read' });
        const tell = (proxies: ProxiesState) => events.tell({ type: 'proxies', proxies });
        const proxies = await Proxies.open({ info: source.info, path: clip, shelf, calm, tell });
        return new OpenProject({ state, process, events, source, store, proxies, calm, kept: decoded });
      } catch (error) {
        await source.close();
        throw error;
      }
    } catch (error) {
      await process.close();
      throw error;
    }
  }

  /** The process that edits and tracks. */
  get process(): ProjectProcess {
    return this.#process;
  }

  /** Ends the process and closes everything. */
  async close(): Promise<void> {
    await this.proxies.close();
    await this.#process.close();
    await Promise.all([this.#source.close(), this.#store.close()]);
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A server that was killed a moment ago may have left a process that is just letting go of the project. */
async function startPatiently(request: HostRequest, events: EventHub, calm: Calm): Promise<ProjectProcess> {
  for (let tries = 1; ; tries++) {
    try {
      return await ProjectProcess.start(request, events.tell, () => calm.hold());
    } catch (error) {
      const locked = error instanceof CallFailed && error.failure.code === 'PROJECT_LOCKED';
      if (!locked || tries >= LOCK_TRIES) throw error;
      await delay(LOCK_PAUSE_MS);
    }
  }
}

/** Jobs need the machine for as long as they are at work, or wait for an edit. */
function holdForJobs(jobs: readonly Job[], events: EventHub, calm: Calm): void {
  const held = new Map<string, () => void>();
  const follow = ({ id, state }: Job) => {
    const active = state === 'running' || state === 'waiting';
    if (active && !held.has(id)) held.set(id, calm.hold());
    if (active) return;
    held.get(id)?.();
    held.delete(id);
  };
  for (const job of jobs) follow(job);
  events.watch((event) => {
    if (event.type === 'job') follow(event.job);
    if (event.type !== 'gone') return;
    for (const release of held.values()) release();
    held.clear();
  });
}

/** The clip that a project file names, as it names it; undefined where there is no file, or none that can be read. */
export async function clipOf(project: string): Promise<string | undefined> {
  if (!existsSync(project)) return undefined;
  const store = await openStore(project, { access: 'read' }).catch(() => undefined);
  try {
    const clip = (await store?.load())?.records.find((r) => r.type === 'clip');
    return typeof clip?.path === 'string' ? clip.path : undefined;
  } catch {
    return undefined; // opening it says what is wrong with it
  } finally {
    await store?.close();
  }
}

/** The same project file has the same id in every run of the server, so that an address of the page stays good. */
export const projectId = (project: string): string => createHash('sha256').update(project).digest('hex').slice(0, 12);

/** The file that keeps the work on a clip: the clip's name with `.roto`, in the folder `base`. A project is its own. */
export function projectFile(path: string, base: string): string {
  if (extname(path) === '.roto') return path;
  const stem = basename(path)
    .replace(/\.[^.]+$/, '')
    .replace(/[._-]?(?:#+|%\d*d|\d{3,})$/, '');
  return join(base, `${stem.replace(/[^\w-]+/g, '_') || 'shot'}.roto`);
}
