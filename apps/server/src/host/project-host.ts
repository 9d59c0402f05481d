import { dirname } from 'node:path';
import * as edit from '@rotokit/core/project';
import { defined, encodeMask, type FrameIndex, type Prompt, type SoftMask } from '@rotokit/core/values';
import type { Roto } from 'rotokit';
import type {
  Edited,
  EngineChoice,
  ExportOutlook,
  ExportRequest,
  Job,
  JobOrder,
  MarkerFacts,
  ObjectChange,
  ProjectState,
  Said,
  ServerEvent,
  SpaceEstimate,
  TrackRequest,
} from '../api/index.js';
import { OpenFolders } from '../projects/folders.js';
import { enginesInForce } from './engines-in-force.js';
import { exportJob, exportOutlook, spaceEstimate } from './export-job.js';
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
      tell: (job) => this.#tellJob(job),
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
      engines: await enginesInForce(this.#roto),
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
      const mask = await this.#object(object).say(frame, [
        ...(await this.#tracked(object, frame)),
        ...prompts.map(edit.saidPrompt),
      ]);
      return this.#mask(object, frame, mask);
    });
  }

  sayDifferently(object: string, prompt: string, instead: Said): Promise<Edited> {
    return this.#edit(async () => {
      const { frame } = this.#prompt(object, prompt);
      const mask = await this.#object(object).sayDifferently(prompt, edit.saidPrompt(instead));
      return this.#mask(object, this.#roto.numbers.shown(frame), mask);
    });
  }

  giveMask(object: string, frame: number, file: Uint8Array): Promise<Edited> {
    return this.#edit(async () => {
      const { id, name } = this.#roto.project.object(object);
      const index = this.#roto.numbers.index(frame);
      const mask = uploadedMask(file, this.#roto.clip.size);
      // A prompt as well, so that a click after it mends the mask instead of starting without it.
      await this.#roto.edit(
        `mask of ${name} on ${frame}`,
        (p) => edit.addPrompt(p, id, index, { kind: 'mask', mask }),
        (p) => edit.setAnchor(p, id, index, mask, { made: 'imported' }),
      );
      return this.#mask(object, frame, mask);
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

  outlook(request: ExportRequest): Promise<ExportOutlook> {
    return exportOutlook(this.#roto, request);
  }

  estimate(request: ExportRequest): Promise<SpaceEstimate> {
    return spaceEstimate(this.#roto, request);
  }

  async jobs(): Promise<readonly Job[]> {
    return this.#jobs.list();
  }

  resume(job: string): Promise<Job> {
    return this.#jobs.resume(job);
  }

  cancel(job: string): Promise<void> {
    return this.#jobs.cancel(job);
  }

  chooseEngine(choice: EngineChoice | null, object?: string): Promise<Edited> {
    return this.#edit(() => this.#roto.chooseEngine(choice ?? undefined, object));
  }

  setMarker(frame: number, facts: MarkerFacts | null): Promise<Edited> {
    const work = () => (facts ? this.#roto.setMarker(frame, defined(facts)) : this.#roto.removeMarker(frame));
    return this.#edit(work, true);
  }

  /** Only while nothing else needs the engine: who looks has not clicked yet. */
  async lookAt(frame: number, object?: string): Promise<void> {
    if (this.#lane.busy) return;
    await this.#lane.idle((signal) => this.#roto.prepare(frame, { signal, object })).catch(() => {});
  }

  async memory(): Promise<{ readonly memory: number; readonly heap: number }> {
    const { rss, heapUsed } = process.memoryUsage();
    return { memory: rss, heap: heapUsed };
  }

  async close(): Promise<void> {
    await this.#jobs.close();
    await this.#lane.urgent(() => this.#roto.close());
  }

  async #work(order: JobOrder, pen: JobPen): Promise<Partial<Job>> {
    if (order.kind === 'track') return trackJob(this.#roto, this.#lane, order.request, pen, this.#tell);
    // An order may come from a file that anybody wrote: the folder is looked at again.
    const { folders, project } = this.#request;
    const open = await OpenFolders.of(folders);
    const folder = await open.writable(order.request.folder, dirname(project));
    return exportJob(this.#roto, { ...order.request, folder }, open, pen, () => this.#roto.history.applied);
  }

  #object(object: string) {
    return this.#roto.object(this.#roto.project.object(object).name);
  }

  #prompt(object: string, prompt: string) {
    const found = this.#roto.project.prompts(this.#roto.project.object(object).id).find((p) => p.id === prompt);
    if (!found) throw new RangeError(`there is no prompt ${prompt}`);
    return found;
  }

  /** On a frame that was tracked and where nothing was said yet, the tracked mask: what is said then mends it. */
  async #tracked(object: string, frame: number): Promise<readonly Prompt[]> {
    const { project, numbers } = this.#roto;
    const { id } = project.object(object);
    const index = numbers.index(frame);
    if (project.anchor(id, index) || project.prompts(id, index).length) return [];
    const mask = await this.#object(object).maskOn(frame);
    return mask?.values.length ? [{ kind: 'mask', mask }] : [];
  }

  #mask(object: string, frame: number, made: SoftMask): { mask?: string; coded: string } {
    const index = this.#roto.numbers.index(frame) as FrameIndex;
    const mask = maskVersion(this.#roto.project, this.#roto.project.object(object).id, index);
    const coded = Buffer.from(encodeMask(made)).toString('base64');
    return mask === undefined ? { coded } : { mask, coded };
  }

  /** An edit, which tracking steps aside for unless it concerns neither the engine nor its results (`beside`). */
  // biome-ignore lint/suspicious/noConfusingVoidType: an edit that has nothing to tell returns nothing
  async #edit(work: () => Promise<Partial<Edited> | void>, beside = false): Promise<Edited> {
    const made = await (beside ? work() : this.#lane.urgent(work));
    return { ...made, ...this.#changed() };
  }

  /** Tells of a job. After its end the state is told to be another: a page that asked for it a moment before has the job still at work. */
  #tellJob(job: Job): void {
    this.#tell({ type: 'job', job });
    if (job.state !== 'running' && job.state !== 'waiting') this.#changed();
  }

  #changed(): { readonly revision: number } {
    this.#revision++;
    this.#tell({ type: 'changed', revision: this.#revision });
    return { revision: this.#revision };
  }
}
