import { dirname } from 'node:path';
import * as edit from '@rotokit/core/project';
import type { FrameIndex } from '@rotokit/core/values';
import type { Roto } from 'rotokit';
import type {
  Edited,
  ExportRequest,
  Job,
  JobOrder,
  ObjectChange,
  ProjectState,
  Said,
  ServerEvent,
  TrackRequest,
} from '../api/index.js';
import { OpenFolders } from '../projects/folders.js';
import { exportJob } from './export-job.js';
import type { JobBook } from './job-book.js';
import { type JobPen, Jobs } from './jobs.js';
import { EngineLane } from './lane.js';
import type { HostRequest, ProjectCalls } from './messages.js';
import { maskVersion, projectState } from './project-state.js';
import { trackJob } from './track-job.js';
import { uploadedMask } from './uploaded-mask.js';

/** One open project: answers calls, runs jobs, tells what happens. Whatever an answer confirms is on disk. */
export class ProjectHost implements ProjectCalls {
  readonly #roto: Roto;
  readonly #request: HostRequest;
  readonly #tell: (event: ServerEvent) => void;
  readonly #lane = new EngineLane();
  readonly #jobs: Jobs;
  #revision = 0;

  constructor(roto: Roto, book: JobBook, request: HostRequest, tell: (event: ServerEvent) => void) {
    this.#roto = roto;
    this.#request = request;
    this.#tell = tell;
    this.#jobs = new Jobs({
      book,
      tell: (job) => tell({ type: 'job', job }),
      work: (order, pen) => this.#work(order, pen),
    });
    // The user is about to click. An engine that cannot start says so when it is asked for something.
    void this.#lane.urgent(() => roto.prepare()).catch(() => {});
  }

  /** Goes on with the jobs that were not finished when the project was open last. */
  goOn(): Promise<void> {
    return this.#jobs.goOn();
  }

  async state(): Promise<ProjectState> {
    const { id, project } = this.#request;
    const revision = this.#revision;
    return projectState(this.#roto, {
      id,
      path: project,
      revision,
      jobs: this.#jobs.list(),
      stale: await this.#roto.stale(),
    });
  }

  async addObject(name?: string): Promise<Edited & { readonly object: string }> {
    const { project } = this.#roto;
    let free = name;
    for (let n = 1; free === undefined; n++) if (!project.hasObject(`object${n}`)) free = `object${n}`;
    if (project.hasObject(free)) throw new RangeError(`there is an object ${free} already`);
    await this.#roto.object(free).ensure();
    return { ...this.#changed(), object: this.#roto.object(free).id };
  }

  changeObject(object: string, change: ObjectChange): Promise<Edited> {
    return this.#edit(
      async () => {
        const { id, name } = this.#roto.project.object(object);
        const what = Object.keys(change).join(', ');
        await this.#roto.edit(`${what} of ${name}`, (p) => edit.changeObject(p, id, change as edit.ObjectChange));
      },
      'visible' in change || 'colour' in change,
    );
  }

  removeObject(object: string): Promise<Edited> {
    return this.#edit(async () => {
      const { id, name } = this.#roto.project.object(object);
      await this.#roto.edit(`remove ${name}`, (p) => edit.removeObject(p, id));
    });
  }

  say(object: string, frame: number, prompts: readonly Said[]): Promise<Edited> {
    return this.#edit(async () => {
      // The page speaks of objects that exist; the library would make one.
      await this.#object(object).say(frame, prompts.map(edit.saidPrompt));
      return this.#mask(object, frame);
    });
  }

  sayDifferently(object: string, prompt: string, instead: Said): Promise<Edited> {
    return this.#edit(async () => {
      const { frame } = this.#prompt(object, prompt);
      await this.#object(object).sayDifferently(prompt, edit.saidPrompt(instead));
      return this.#mask(object, this.#roto.numbers.shown(frame));
    });
  }

  giveMask(object: string, frame: number, file: Uint8Array): Promise<Edited> {
    return this.#edit(async () => {
      await this.#object(object).mask(frame, uploadedMask(file, this.#roto.clip.size));
      return this.#mask(object, frame);
    });
  }

  takeBack(object: string, prompt: string): Promise<Edited> {
    return this.#edit(async () => {
      await this.#object(object).takeBack(prompt);
    });
  }

  clear(object: string, frame: number): Promise<Edited> {
    return this.#edit(() => this.#object(object).clear(frame));
  }

  mark(object: string, frame: number, verdict: 'accepted' | 'ignored' | null): Promise<Edited> {
    return this.#edit(() => this.#roto.mark(object, frame, verdict ?? undefined), true);
  }

  move(direction: 'undo' | 'redo'): Promise<Edited> {
    return this.#edit(async () => {
      const label = await this.#roto[direction]();
      return label === undefined ? {} : { label };
    });
  }

  goTo(applied: number): Promise<Edited> {
    return this.#edit(async () => {
      const steps = Math.min(applied, this.#roto.history.entries.length) - this.#roto.history.applied;
      let label: string | undefined;
      for (let n = 0; n < Math.abs(steps); n++) label = await this.#roto[steps < 0 ? 'undo' : 'redo']();
      return label === undefined ? {} : { label };
    });
  }

  track(request: TrackRequest): Promise<Job> {
    return this.#jobs.start({ kind: 'track', request });
  }

  export(request: ExportRequest): Promise<Job> {
    return this.#jobs.start({ kind: 'export', request });
  }

  resume(job: string): Promise<Job> {
    return this.#jobs.resume(job);
  }

  cancel(job: string): Promise<void> {
    return this.#jobs.cancel(job);
  }

  async close(): Promise<void> {
    await this.#jobs.close();
    await this.#lane.urgent(() => this.#roto.close());
  }

  async #work(order: JobOrder, pen: JobPen): Promise<Partial<Job>> {
    if (order.kind === 'track')
      return trackJob(this.#roto, this.#lane, order.request, pen, this.#tell, () => this.#changed());
    // An order may come from a file that anybody wrote: the folder is looked at again.
    const { folders, project } = this.#request;
    const folder = await (await OpenFolders.of(folders)).writable(order.request.folder, dirname(project));
    return exportJob(this.#roto, { ...order.request, folder }, pen, () => this.#roto.history.applied);
  }

  #object(object: string) {
    return this.#roto.object(this.#roto.project.object(object).name);
  }

  #prompt(object: string, prompt: string) {
    const found = this.#roto.project.prompts(this.#roto.project.object(object).id).find((p) => p.id === prompt);
    if (!found) throw new RangeError(`there is no prompt ${prompt}`);
    return found;
  }

  #mask(object: string, frame: number): { mask?: string } {
    const index = this.#roto.numbers.index(frame) as FrameIndex;
    const mask = maskVersion(this.#roto.project, this.#roto.project.object(object).id, index);
    return mask === undefined ? {} : { mask };
  }

  /** An edit, which tracking steps aside for unless it concerns neither the engine nor its results (`beside`). */
  // biome-ignore lint/suspicious/noConfusingVoidType: an edit that has nothing to tell returns nothing
  async #edit(work: () => Promise<Partial<Edited> | void>, beside = false): Promise<Edited> {
    const made = await (beside ? work() : this.#lane.urgent(work));
    return { ...made, ...this.#changed() };
  }

  #changed(): { readonly revision: number } {
    this.#revision++;
    this.#tell({ type: 'changed', revision: this.#revision });
    return { revision: this.#revision };
  }
}
