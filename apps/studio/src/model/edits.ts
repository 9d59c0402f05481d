import type { ExportRequest, Prompt, ReviewItem } from '@rotokit/server/api';
import { desk, refresh, selectedObject } from './desk.js';
import { showFrame } from './frames.js';
import { withAnchor } from './project-model.js';
import { note, studio, tellFailure } from './studio-state.js';

/** Does an edit: counts it as pending, tells what went wrong. What it resolved to is on the server's disk. */
async function editing(work: () => Promise<void>): Promise<void> {
  studio.set({ pending: studio.get().pending + 1, notice: undefined });
  try {
    await work();
  } catch (error) {
    tellFailure(error);
  } finally {
    studio.set({ pending: studio.get().pending - 1 });
  }
}

/** Says something about the selected object on the frame that is shown; makes a first object where there is none. */
export function say(prompts: readonly Prompt[]): Promise<void> {
  const { frame } = studio.get();
  return editing(async () => {
    let object = selectedObject()?.id;
    if (selectedObject()?.locked) throw new Error('This object is locked: unlock it, or choose another one.');
    if (object === undefined) {
      object = (await desk().client.addObject()).object;
      await refresh();
      studio.set({ selected: object });
    }
    const { mask } = await desk().client.say(object, frame, prompts);
    const { project } = studio.get();
    if (project && mask !== undefined) studio.set({ project: withAnchor(project, object, frame, mask) });
  });
}

/** A new object, which is selected. */
export function addObject(): Promise<void> {
  return editing(async () => {
    const { object } = await desk().client.addObject();
    await refresh();
    studio.set({ selected: object });
  });
}

/** Changes an object. */
export function changeObject(
  object: string,
  change: Parameters<ReturnType<typeof desk>['client']['changeObject']>[1],
): Promise<void> {
  return editing(() => desk().client.changeObject(object, change));
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
    const { label } = await desk().client.move(direction);
    await refresh();
    note(label === undefined ? `Nothing to ${direction}` : `${direction === 'undo' ? 'Undone' : 'Redone'}: ${label}`);
  });
}

/** Starts tracking the work area, or stops the tracking that is under way. */
export function toggleTracking(): Promise<void> {
  const { project, work } = studio.get();
  const active = project?.jobs.find((j) => j.kind === 'track' && (j.state === 'running' || j.state === 'waiting'));
  return editing(async () => {
    if (active) await desk().client.cancel(active.id);
    else await desk().client.track({ first: work[0], last: work[1] });
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
