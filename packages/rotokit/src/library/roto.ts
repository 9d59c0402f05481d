import type { ClipInfo, Engine, FrameSource, History } from '@rotokit/core/ports';
import type { Project, RotoDocument } from '@rotokit/core/project';
import * as edit from '@rotokit/core/project';
import type { ReviewSettings } from '@rotokit/core/tracking';
import { type FrameIndex, type Json, type ObjectId, objectId, sourcePoint } from '@rotokit/core/values';
import { choiceLabel, type EngineChoice } from '../engines/choice.js';
import type { DeliverableName } from '../export/deliverable.js';
import type { ExportChoices } from '../export/job.js';
import { type ExportPlan, planExport } from '../export/outlook.js';
import { type ExportResult, exportDocument } from '../export/run.js';
import { fitShapes, type ShapeChoices } from './fit-shapes.js';
import { FrameNumbers } from './frames.js';
import { type ReviewItem, reviewProject } from './review.js';
import { RotoObject } from './roto-object.js';
import type { Sessions } from './sessions.js';
import type { ShapesReport } from './shapes.js';
import { staleFrames, type TrackChoices, type TrackDone, trackDocument } from './track.js';

/** The parts that make up an open project. */
export interface RotoParts {
  readonly document: RotoDocument;
  readonly source: FrameSource;
  readonly sessions: Sessions;
  /** Name of the shot: what files are called. */
  readonly shot: string;
}

/**
 * A clip and the work on it. Made by `openRoto`, closed by whoever opened it (`await using` does). Every edit is one
 * step of a history that can be undone; every frame that is reported done is in the project.
 */
export class Roto implements AsyncDisposable {
  /** What is known of the clip. */
  readonly clip: ClipInfo;
  readonly numbers: FrameNumbers;
  readonly #parts: RotoParts;

  constructor(parts: RotoParts) {
    this.#parts = parts;
    this.clip = parts.source.info;
    this.numbers = new FrameNumbers(parts.source.info);
  }

  /** The project as it is now: records without their masks. */
  get project(): Project {
    return this.#parts.document.project;
  }

  /** What was done, oldest first, and how much of it is in force. */
  get history(): History {
    return this.#parts.document.history;
  }

  /** The shot's name, which files are called by. */
  get shot(): string {
    return this.#parts.shot;
  }

  /** A handle on an object by its name or identity; one that does not exist is made when something is said about it. */
  object(name: string): RotoObject {
    const known = this.project.hasObject(name) ? this.project.object(name).name : name;
    return new RotoObject(known, { ...this.#parts, numbers: this.numbers });
  }

  /** Any other edit, as one step of the history: see the edits of `@rotokit/core/project`. */
  edit(label: string, ...edits: readonly ((p: Project) => edit.Change)[]): Promise<Project> {
    return this.#parts.document.edit(label, ...edits);
  }

  /**
   * Makes the engine ready, so that the first answer comes as quickly as the others: opens it and has it answer a click that is kept
   * nowhere. Needed by nobody; for programs with a user who is about to click. `object`: the one that the click will be about.
   */
  async prepare(
    frame: number = this.numbers.first,
    { object, signal }: { readonly object?: string | undefined; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const { sessions } = this.#parts;
    await sessions.keepUsed(this.project);
    const { session } = await sessions.open(sessions.choiceFor(this.project, object));
    const { width, height } = this.clip.size;
    const prompt = { kind: 'point', at: sourcePoint(width / 2, height / 2), positive: true } as const;
    await session.segment(this.numbers.index(frame), [{ object: objectId('nobody'), prompts: [prompt] }], signal);
  }

  /** The engine that follows an object, or those without a choice of their own: its name and what it accepts. @throws RotokitError ENGINE_UNAVAILABLE. */
  engine(object?: string): Promise<Engine> {
    return this.#parts.sessions.engine(this.engineChoice(object));
  }

  /** The choice that counts for an object, or for those without one of their own. */
  engineChoice(object?: string): EngineChoice {
    return this.#parts.sessions.choiceFor(this.project, object);
  }

  /**
   * Keeps with the project which engine follows it, or one object of it; `undefined` takes the choice back. Counts from the next click or run of tracking on.
   * What another engine tracked becomes stale. @throws RotokitError ENGINE_UNAVAILABLE, and then nothing changes; RangeError for a policy that is none.
   */
  async chooseEngine(choice: EngineChoice | undefined, object?: string): Promise<void> {
    if (choice) await this.#parts.sessions.engine(choice);
    const kept = choice ? (JSON.parse(JSON.stringify(choice)) as Record<string, Json>) : null;
    if (object === undefined) {
      await this.edit(`engine: ${choice ? choiceLabel(choice) : 'the best that is installed'}`, (p) =>
        edit.changeSettings(p, { engine: kept }),
      );
      return;
    }
    const { id, name } = this.project.object(object);
    await this.edit(`engine of ${name}: ${choice ? choiceLabel(choice) : 'as the project'}`, (p) =>
      edit.changeObject(p, id, { engine: kept }),
    );
  }

  /** Marks a frame, or changes its marker. */
  async setMarker(frame: number, facts: { readonly name?: string; readonly colour?: string } = {}): Promise<void> {
    await this.edit(`marker${facts.name ? ` ${facts.name}` : ''} on ${frame}`, (p) =>
      edit.setMarker(p, this.numbers.index(frame), facts),
    );
  }

  /** Takes the marker of a frame away; nothing happens where there is none. */
  async removeMarker(frame: number): Promise<void> {
    await this.edit(`no marker on ${frame}`, (p) => edit.removeMarker(p, this.numbers.index(frame)));
  }

  /** Tracks what is missing or stale, both ways from the anchors, and yields each frame once it is kept. */
  track(choices: TrackChoices = {}): AsyncGenerator<TrackDone> {
    return trackDocument({ ...this.#parts, numbers: this.numbers }, choices);
  }

  /** How many masks are missing, or older than an edit beside them or than this engine: what `track` would make. */
  async pending(choices: TrackChoices = {}): Promise<number> {
    return [...(await this.stale(choices)).values()].reduce((n, frames) => n + frames.size, 0);
  }

  /** The frames of each object whose mask is missing or stale, by the object's identity: what `track` would make. */
  stale(choices: TrackChoices = {}): Promise<ReadonlyMap<ObjectId, ReadonlySet<FrameIndex>>> {
    return staleFrames({ ...this.#parts, numbers: this.numbers }, choices);
  }

  /** Frames worth looking at, worst first. */
  review(settings?: ReviewSettings): readonly ReviewItem[] {
    return reviewProject(this.project, this.numbers, settings);
  }

  /** Notes what a reviewer says of an object on a frame; `undefined` takes it back. */
  async mark(object: string, frame: number, verdict: 'accepted' | 'ignored' | undefined): Promise<void> {
    const { id, name } = this.project.object(object);
    const index = this.numbers.index(frame);
    await this.#parts.document.edit(`${verdict ?? 'unmark'} ${name} on ${frame}`, (p) =>
      edit.setMark(p, id, index, verdict),
    );
  }

  /** Turns mattes into Bezier shapes and says how near they are. @throws RangeError for settings out of range. */
  shapes(choices: ShapeChoices = {}): Promise<ShapesReport> {
    return fitShapes({ document: this.#parts.document, numbers: this.numbers }, choices);
  }

  /** Writes deliverables below a folder, several in one pass. @throws RotokitError EXPORT_REFUSED, WRITE_FAILED. */
  export(
    formats: DeliverableName | readonly DeliverableName[],
    folder: string,
    choices: ExportChoices = {},
  ): Promise<ExportResult> {
    const { document, source, shot } = this.#parts;
    const names = typeof formats === 'string' ? [formats] : formats;
    return exportDocument({ document, source, shot, numbers: this.numbers }, names, folder, choices);
  }

  /** What an export would leave and what stands against it; nothing is written. */
  planExport(formats: readonly DeliverableName[], folder: string, choices: ExportChoices = {}): Promise<ExportPlan> {
    const { document, source, shot } = this.#parts;
    return planExport({ document, source, shot, numbers: this.numbers }, formats, folder, choices);
  }

  /** Takes back the last edit; its label, or undefined when there was none. */
  undo(): Promise<string | undefined> {
    return this.#parts.document.undo();
  }

  /** Does again what was undone last. */
  redo(): Promise<string | undefined> {
    return this.#parts.document.redo();
  }

  /** Closes the engine, the clip and the project. */
  async close(): Promise<void> {
    const { sessions, source, document } = this.#parts;
    try {
      await sessions.close();
    } finally {
      await Promise.all([source.close(), document.close()]);
    }
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
