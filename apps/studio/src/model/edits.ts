import { encodeMask, type SoftMask } from '@rotokit/core/values';
import type { Edited, EngineChoice, ExportRequest, Prompt, ReviewItem, Said } from '@rotokit/server/api';
import { holdBefore } from './compare.js';
import { desk, refresh, selectedObject } from './desk.js';
import { exportLook } from './export-look.js';
import { showFrame } from './frames.js';
import { withAnchor } from './project-model.js';
import { note, studio, tellFailure } from './studio-state.js';

/** Does an edit: counts it as pending, tells what went wrong. What it resolved to is on the server's disk. */
export async function editing(work: () => Promise<void>): Promise<void> {
  studio.set({ pending: studio.get().pending + 1, notice: undefined });
  try {
    await work();
  } catch (error) {
    tellFailure(error);
  } finally {
    studio.set({ pending: studio.get().pending - 1 });
  }
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Makes a mask of the selected object on the frame that is shown, and shows what the server answers at once. Where there is no object yet it makes
 * one. In the order of the calls: a second stroke builds on the first.
 */
function making(work: (object: string, frame: number) => Promise<Edited>): Promise<void> {
  const { frame, selected } = studio.get();
  const turn = last.then(() =>
    editing(async () => {
      const object = selected ?? studio.get().selected ?? (await newObject());
      if (studio.get().project?.objects.find((o) => o.id === object)?.locked)
        throw new Error('This object is locked: unlock it, or choose another one.');
      holdBefore();
      const { mask, coded } = await work(object, frame);
      const { project } = studio.get();
      if (!project || mask === undefined) return;
      const { client, pictures } = desk();
      if (coded !== undefined) pictures.takeMask(client.maskUrl(object, frame, mask), coded);
      studio.set({ project: withAnchor(project, object, frame, mask) });
    }),
  );
  last = turn;
  return turn;
}

async function newObject(): Promise<string> {
  const { object } = await desk().client.addObject();
  await refresh();
  studio.set({ selected: object });
  return object;
}

/** Says something about the selected object on the frame that is shown. */
export const say = (prompts: readonly Said[]): Promise<void> =>
  making((object, frame) => desk().client.say(object, frame, prompts));

/** Moves a prompt of the selected object. */
export const sayDifferently = (prompt: string, instead: Prompt): Promise<void> =>
  making((object) => desk().client.sayDifferently(object, prompt, instead));

/** Gives the mask itself: painted here, or a picture from elsewhere. */
export const giveMask = (mask: SoftMask | Blob): Promise<void> =>
  making((object, frame) => {
    const file = mask instanceof Blob ? mask : new Blob([encodeMask(mask) as Uint8Array<ArrayBuffer>], { type: CODED });
    return desk().client.giveMask(object, frame, file);
  });

const CODED = 'application/octet-stream';

/** A new object, which is selected. */
export function addObject(): Promise<void> {
  return editing(async () => {
    await newObject();
  });
}

/** Changes an object. */
export function changeObject(
  object: string,
  change: Parameters<ReturnType<typeof desk>['client']['changeObject']>[1],
): Promise<void> {
  return editing(() => desk().client.changeObject(object, change));
}

/** Chooses the engine of an object; undefined leaves it to the project. */
export function chooseEngine(object: string, choice: EngineChoice | undefined): Promise<void> {
  return editing(async () => {
    await desk().client.chooseEngine(object, choice);
    await refresh();
  });
}

/** Removes an object; undo brings it back. */
export function removeObject(object: string): Promise<void> {
  return editing(() => desk().client.removeObject(object));
}

/** Takes back one prompt of the selected object. */
export function takeBack(prompt: string): Promise<void> {
  const object = selectedObject();
  return object ? editing(() => desk().client.takeBack(object.id, prompt)) : Promise.resolve();
}

/** Gives a frame of an object back to the tracker. */
export function clearAnchor(object: string, frame: number): Promise<void> {
  return editing(() => desk().client.clear(object, frame));
}

/** Undoes or redoes a step and says which. */
export function move(direction: 'undo' | 'redo'): Promise<void> {
  return editing(async () => {
    holdBefore();
    const { label } = await desk().client.move(direction);
    await refresh();
    note(label === undefined ? `Nothing to ${direction}` : `${direction === 'undo' ? 'Undone' : 'Redone'}: ${label}`);
  });
}

/** Goes to a place in the history: so many steps in force. */
export function goTo(applied: number): Promise<void> {
  return editing(async () => {
    holdBefore();
    await desk().client.goTo(applied);
    await refresh();
  });
}

/** Starts tracking the work area, or stops the tracking that is under way. */
export function toggleTracking(): Promise<void> {
  const { project, work } = studio.get();
  const active = project?.jobs.find((j) => j.kind === 'track' && (j.state === 'running' || j.state === 'waiting'));
  if (!active && !project?.objects.some((o) => o.anchors.length)) {
    note('Nothing to track yet: click on what you want to follow');
    return Promise.resolve();
  }
  return editing(async () => {
    if (active) await desk().client.cancel(active.id);
    else await desk().client.track({ first: work[0], last: work[1], overlap: exportLook.get().overlap });
  });
}

/** Starts an export. */
export function startExport(request: ExportRequest): Promise<void> {
  return editing(async () => {
    await desk().client.export(request);
  });
}

/** Stops a job; what it finished stays. */
export function cancelJob(job: string): Promise<void> {
  return editing(() => desk().client.cancel(job));
}

/** What tells items of the review queue apart. */
export const reviewKey = (item: Pick<ReviewItem, 'object' | 'frame'>): string => `${item.object}@${item.frame}`;

/** Goes to an item of the review queue: its frame, its object. */
export function lookAt(item: ReviewItem): void {
  const object = studio.get().project?.objects.find((o) => o.name === item.object);
  studio.set({ reviewing: reviewKey(item), panel: 'review', ...(object ? { selected: object.id } : {}) });
  showFrame(item.frame);
}

/** Goes to the next (1) or previous (-1) item of the review queue. */
export function stepReview(by: 1 | -1): void {
  const { project, reviewing } = studio.get();
  const items = project?.review ?? [];
  if (!items.length) {
    note('Nothing is doubted');
    return;
  }
  const at = items.findIndex((i) => reviewKey(i) === reviewing);
  const next = at < 0 ? 0 : (at + by + items.length) % items.length;
  lookAt(items[next] as ReviewItem);
}

/** Settles the item that is being looked at, and goes to the one after it. */
export function settleReview(verdict: 'accepted' | 'ignored'): Promise<void> {
  const { project, reviewing } = studio.get();
  const items = project?.review ?? [];
  const at = items.findIndex((i) => reviewKey(i) === reviewing);
  const item = items[at];
  if (!item) {
    stepReview(1);
    return Promise.resolve();
  }
  return editing(async () => {
    await desk().client.mark(item.object, item.frame, verdict);
    await refresh();
    const rest = studio.get().project?.review ?? [];
    const next = rest[Math.min(at, rest.length - 1)];
    if (next) lookAt(next);
    else {
      studio.set({ reviewing: undefined });
      note('The review queue is empty');
    }
  });
}
