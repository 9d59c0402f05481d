import type { RotoDocument } from '@rotokit/core/project';
import * as edit from '@rotokit/core/project';
import {
  type FrameIndex,
  type MaskPrompt,
  type ObjectId,
  type ObjectPrompts,
  objectId,
  type Prompt,
  promptPoints,
  RotokitError,
  type Shape,
  type SoftMask,
  sourcePoint,
} from '@rotokit/core/values';
import type { FrameNumbers } from './frames.js';
import type { Sessions } from './sessions.js';

/** Where on the clip: a shown frame number, and pixels of the displayed picture. */
export interface At {
  readonly frame: number;
  readonly x: number;
  readonly y: number;
}

/** What an object's handle works with. */
export interface ObjectContext {
  readonly document: RotoDocument;
  readonly numbers: FrameNumbers;
  readonly sessions: Sessions;
}

/**
 * A handle on one object of a project, by its name; the object is made when something is first said about it. Each call
 * that says something about a frame makes that frame an anchor: the engine answers with a mask at once, both are one
 * step of the history, and tracking never changes it afterwards.
 */
export class RotoObject {
  readonly name: string;
  readonly #context: ObjectContext;

  constructor(name: string, context: ObjectContext) {
    this.name = name;
    this.#context = context;
  }

  /** Its identity, which never changes. @throws RotokitError OBJECT_UNKNOWN while nothing was said about it. */
  get id(): ObjectId {
    return this.#context.document.project.object(this.name).id;
  }

  /** Makes the object now, with more than its name. Nothing happens where it exists. */
  async ensure(facts: Omit<edit.NewObject, 'name' | 'id'> = {}): Promise<void> {
    const { document } = this.#context;
    if (document.project.hasObject(this.name)) return;
    await document.edit(`new object ${this.name}`, (p) => edit.addObject(p, { ...facts, name: this.name }));
  }

  /** Says that the object is here, or with `positive: false` that it is not. @returns the mask on that frame. */
  click(at: At & { readonly positive?: boolean }): Promise<SoftMask> {
    return this.say(at.frame, [{ kind: 'point', at: sourcePoint(at.x, at.y), positive: at.positive ?? true }]);
  }

  /** Draws a box around the object. @returns the mask on that frame. */
  box(box: {
    readonly frame: number;
    readonly x0: number;
    readonly y0: number;
    readonly x1: number;
    readonly y1: number;
  }): Promise<SoftMask> {
    return this.say(box.frame, [{ kind: 'box', from: sourcePoint(box.x0, box.y0), to: sourcePoint(box.x1, box.y1) }]);
  }

  /** Paints: everything within `radius` pixels of the path is the object, or with `positive: false` is not. */
  brush(stroke: {
    readonly frame: number;
    readonly path: readonly (readonly [x: number, y: number])[];
    readonly radius: number;
    readonly positive?: boolean;
  }): Promise<SoftMask> {
    const path = stroke.path.map(([x, y]) => sourcePoint(x, y));
    return this.say(stroke.frame, [{ kind: 'brush', path, radius: stroke.radius, positive: stroke.positive ?? true }]);
  }

  /** Gives the answer itself: this mask is the object's on that frame, bit for bit. */
  async mask(frame: number, mask: SoftMask): Promise<SoftMask> {
    const { document, numbers } = this.#context;
    const index = numbers.index(frame);
    const { id, made } = this.#identity();
    const label = `mask of ${this.name} on ${frame}`;
    await document.edit(label, ...made, (p) => edit.setAnchor(p, id, index, mask, { made: 'imported' }));
    return mask;
  }

  /** Adds prompts to what was said about a frame before and makes the answer to all of it the frame's anchor. */
  async say(frame: number, prompts: readonly Prompt[], signal?: AbortSignal): Promise<SoftMask> {
    const { document, numbers } = this.#context;
    const index = numbers.index(frame);
    const given = prompts.find((p): p is MaskPrompt => p.kind === 'mask');
    if (given && prompts.length === 1) return this.mask(frame, given.mask);
    for (const p of prompts) checkInside(p, document.project.clip.size);
    const { id, made } = this.#identity();
    const before = await document.prompts(id, index);
    const label = `${prompts.map((p) => p.kind).join(', ')} on ${this.name}, frame ${frame}`;
    const edits = [...made, ...prompts.map((prompt) => (p: edit.Project) => edit.addPrompt(p, id, index, prompt))];
    return this.#answer({ object: id, prompts: [...before.prompts, ...prompts] }, index, { label, edits }, signal);
  }

  /**
   * Takes back one thing that was said, by the id of its prompt; the engine answers to the rest at once, as one step of the
   * history. Where nothing is left to answer to, the frame goes back to the tracker. @throws RangeError for an unknown prompt.
   */
  async takeBack(prompt: string, signal?: AbortSignal): Promise<SoftMask | undefined> {
    const { document, numbers } = this.#context;
    const { id } = this;
    const { frame, record } = this.#said(prompt);
    const rest = document.project.prompts(id, frame).filter((p) => p.id !== prompt);
    const label = `take back a ${record.prompt.kind} on ${this.name}, frame ${numbers.shown(frame)}`;
    const gone = (p: edit.Project) => edit.removePrompt(p, prompt);
    if (!rest.length) {
      await document.edit(label, gone, (p) => edit.removeAnchor(p, id, frame));
      return undefined;
    }
    const said = await document.prompts(id, frame);
    const at = document.project.prompts(id, frame).indexOf(record);
    const prompts = said.prompts.toSpliced(at, 1);
    return this.#answer({ object: id, prompts }, frame, { label, edits: [gone] }, signal);
  }

  /**
   * Says one thing differently, by the id of its prompt: a click that is moved. The engine answers to all of the frame's prompts at once, as one step
   * of the history. @throws RangeError for an unknown prompt.
   */
  async sayDifferently(prompt: string, instead: Exclude<Prompt, MaskPrompt>, signal?: AbortSignal): Promise<SoftMask> {
    const { document, numbers } = this.#context;
    const { id } = this;
    const { frame, record } = this.#said(prompt);
    checkInside(instead, document.project.clip.size);
    const said = await document.prompts(id, frame);
    const at = document.project.prompts(id, frame).indexOf(record);
    const label = `move a ${instead.kind} on ${this.name}, frame ${numbers.shown(frame)}`;
    const edits = [(p: edit.Project) => edit.changePrompt(p, prompt, instead)];
    return this.#answer({ object: id, prompts: said.prompts.with(at, instead) }, frame, { label, edits }, signal);
  }

  /** Takes back everything said about a frame and gives it back to the tracker. */
  async clear(frame: number): Promise<void> {
    const { document, numbers } = this.#context;
    const index = numbers.index(frame);
    const { id } = this;
    await document.edit(
      `clear ${this.name} on ${frame}`,
      (p) => edit.clearPrompts(p, id, index),
      (p) => edit.removeAnchor(p, id, index),
    );
  }

  /**
   * Keeps a shape whose keys were edited by hand (marked `edited`): later fits and exports keep those keys.
   * @throws RangeError for a shape without an edited key. @throws RotokitError OBJECT_UNKNOWN, OBJECT_LOCKED.
   */
  async keepShape(shape: Shape): Promise<void> {
    const { document } = this.#context;
    const { id } = document.project.object(this.name);
    await document.edit(`shape ${shape.id} of ${this.name}`, (p) => edit.keepShape(p, id, shape));
  }

  /** Gives an edited shape back to the fit. @throws RotokitError OBJECT_UNKNOWN, OBJECT_LOCKED. */
  async forgetShape(shape: string): Promise<void> {
    const { document } = this.#context;
    const { id } = document.project.object(this.name);
    await document.edit(`fit shape ${shape} of ${this.name}`, (p) => edit.forgetShape(p, id, shape));
  }

  /** The mask that counts on a frame: the anchor's, else the tracked one; undefined where there is neither yet. */
  maskOn(frame: number): Promise<SoftMask | undefined> {
    return this.#context.document.mask(this.id, this.#context.numbers.index(frame));
  }

  /** Frames that the user has settled, as shown numbers. */
  anchors(): readonly number[] {
    return this.#context.document.project
      .anchors(this.id)
      .map((a) => this.#context.numbers.shown(a.frame as FrameIndex));
  }

  #said(prompt: string) {
    const record = this.#context.document.project.prompts(this.id).find((p) => p.id === prompt);
    if (!record) throw new RangeError(`${this.name} has no prompt ${prompt}`);
    return { frame: record.frame, record };
  }

  /** Has the engine answer to everything that is said about a frame, and makes that the frame's anchor with the edits that say it. */
  async #answer(
    said: ObjectPrompts,
    frame: FrameIndex,
    step: { readonly label: string; readonly edits: readonly ((p: edit.Project) => edit.Change)[] },
    signal?: AbortSignal,
  ): Promise<SoftMask> {
    const { document, sessions } = this.#context;
    const known = document.project.hasObject(said.object) ? said.object : undefined;
    const { session, engine } = await sessions.open(sessions.choiceFor(document.project, known));
    const [mask] = await session.segment(frame, [said], signal);
    const origin = { made: 'prompts', engine: { name: engine.name, ...engine.provenance } } as const;
    await document.edit(step.label, ...step.edits, (p) =>
      edit.setAnchor(p, said.object, frame, mask as SoftMask, origin),
    );
    return mask as SoftMask;
  }

  /** The object's identity, and the edit that makes it where nothing was said about it before. */
  #identity(): { readonly id: ObjectId; readonly made: readonly ((p: edit.Project) => edit.Change)[] } {
    const { project } = this.#context.document;
    if (project.hasObject(this.name)) return { id: this.id, made: [] };
    const id = objectId(project.freshId('o'));
    return { id, made: [(p) => edit.addObject(p, { name: this.name, id })] };
  }
}

function checkInside(prompt: Prompt, size: { readonly width: number; readonly height: number }): void {
  for (const { x, y } of promptPoints(prompt)) {
    if (x >= 0 && y >= 0 && x <= size.width && y <= size.height) continue;
    throw new RotokitError('PROMPT_OUTSIDE', {
      prompt: `${prompt.kind} at ${x},${y}`,
      width: size.width,
      height: size.height,
    });
  }
}
