import { emptyMask, type SoftMask } from '@rotokit/core/values';
import { pictures, selectedObject } from '../model/desk.js';
import { giveMask, say } from '../model/edits.js';
import { createStore } from '../model/store.js';
import { studio, tellFailure } from '../model/studio-state.js';
import { beginGesture, endGesture, type Gesture, moveGesture, type Pair } from './gesture.js';
import { enclosed } from './lasso.js';
import { type BrushTip, Painting } from './painting.js';
import { viewStore } from './view.js';

/** What a hand is painting: drawn instead of the object's mask until the server has answered. */
export interface AtWork {
  readonly painting: Painting;
  /** Undefined while there is no object yet. */
  readonly object: string | undefined;
  readonly frame: number;
}

/** What the hand is doing now; `atWork` is made anew with every dab, the painting in it is the same. */
export const handStore = createStore<{ readonly gesture: Gesture | undefined; readonly atWork: AtWork | undefined }>({
  gesture: undefined,
  atWork: undefined,
});

/** What a pointer tells, in source pixels. Pressure is 1 for everything but a pen. */
export interface Touch {
  readonly at: Pair;
  readonly pressure: number;
}

let touched: Touch = { at: [0, 0], pressure: 1 };

/** The hand comes down. `positive` false takes away. */
export function press(touch: Touch, pan: boolean, positive: boolean): void {
  const { tool, radius } = studio.get();
  touched = touch;
  const gesture = beginGesture(pan ? 'hand' : tool, touch.at, positive, radius);
  if (gesture.kind !== 'stroke') {
    handStore.set({ gesture });
    return;
  }
  const atWork = beginPainting();
  // What the engine is asked needs no preview: it goes on where the mask has not come yet.
  if (!atWork && (tool === 'paint' || selectedObject()?.locked)) return;
  handStore.set({ gesture, atWork });
  dab(touch);
}

/** The hand moves. */
export function drag(touch: Touch): void {
  const { gesture } = handStore.get();
  if (!gesture) return;
  if (gesture.kind === 'stroke') dab(touch);
  const next = moveGesture(gesture, touch.at, viewStore.get().view.scale);
  if (next !== gesture) handStore.set({ gesture: next });
}

/** The hand lets go: what it did is said, or painted. */
export function release(): void {
  const { gesture, atWork } = handStore.get();
  const { project, tool } = studio.get();
  handStore.set({ gesture: undefined });
  if (!gesture || !project) return;
  if (gesture.kind === 'lasso') {
    fill(gesture.path, gesture.positive);
    return;
  }
  if (gesture.kind === 'stroke' && tool === 'paint') {
    if (atWork) keep(atWork, giveMask(atWork.painting.mask()));
    return;
  }
  const prompt = endGesture(gesture, project.clip);
  if (!prompt) return;
  const said = say([prompt]);
  if (atWork) keep(atWork, said);
}

/** What was begun is given up. */
export const giveUp = (): void => handStore.set({ gesture: undefined, atWork: undefined });

function dab(touch: Touch): void {
  const { atWork, gesture } = handStore.get();
  const { radius, hardness, tool } = studio.get();
  if (!atWork || gesture?.kind !== 'stroke') return;
  const tip: BrushTip = { hardness: tool === 'paint' ? hardness : 1, positive: gesture.positive };
  const size = (t: Touch) => (tool === 'paint' ? radius * t.pressure : radius);
  atWork.painting.stroke(touched.at, touch.at, size(touched), size(touch), tip);
  touched = touch;
  handStore.set({ atWork: { ...atWork } });
}

function fill(path: readonly Pair[], positive: boolean): void {
  const { project } = studio.get();
  const area = project && enclosed(path, project.clip);
  const atWork = area && beginPainting();
  if (!atWork) return;
  atWork.painting.area(area.box, area.coverage, positive);
  handStore.set({ atWork });
  keep(atWork, giveMask(atWork.painting.mask()));
}

/** Shows the painting until the answer is here, unless another one has begun on top of it. */
function keep({ painting }: AtWork, answer: Promise<void>): void {
  void answer.finally(() => {
    if (handStore.get().atWork?.painting === painting) handStore.set({ atWork: undefined });
  });
}

/** A painting on the mask that is shown. Undefined, with the reason told, where there is nothing to paint on. */
function beginPainting(): AtWork | undefined {
  const { project, frame } = studio.get();
  if (!project) return undefined;
  const object = selectedObject();
  if (object?.locked) {
    tellFailure(new Error('This object is locked: unlock it, or choose another one.'));
    return undefined;
  }
  const { atWork } = handStore.get();
  if (atWork && atWork.frame === frame && atWork.object === object?.id)
    return { ...atWork, painting: new Painting(atWork.painting.mask()) };
  const mask = maskShown();
  if (mask === 'coming') {
    if (studio.get().tool !== 'brush')
      tellFailure(new Error('The mask of this frame is still on its way: paint again in a moment.'));
    return undefined;
  }
  return { painting: new Painting(mask ?? emptyMask(project.clip)), object: object?.id, frame };
}

/** The selected object's mask on the frame that is shown. */
function maskShown(): SoftMask | 'coming' | undefined {
  const { project, frame } = studio.get();
  const [object, all] = [selectedObject(), pictures()];
  const version = object && project && object.versions[frame - project.clip.first];
  if (!object || !all || version === undefined) return undefined;
  return all.masks.now(all.maskKey(object.id, frame, version)) ?? 'coming';
}
