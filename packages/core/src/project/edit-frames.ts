import type { MaskEntries, TrackSignals } from '../ports/index.js';
import type { FrameIndex, Json, MaskPrompt, ObjectId, Point, Prompt, SoftMask } from '../values/index.js';
import { type Change, NOTHING_CHANGED, put, remove } from './change.js';
import { unlocked } from './edit-objects.js';
import { inClip } from './in-clip.js';
import type { Project } from './project.js';
import {
  type AnchorRecord,
  anchorId,
  type MarkRecord,
  markId,
  type PromptRecord,
  type StoredPrompt,
  type TrackedRecord,
  trackedId,
} from './record-types.js';

const pair = (point: Point): readonly [number, number] => [point.x, point.y];

function stored(prompt: Prompt, key: string): StoredPrompt {
  switch (prompt.kind) {
    case 'point':
      return { kind: 'point', at: pair(prompt.at), positive: prompt.positive };
    case 'box':
      return { kind: 'box', from: pair(prompt.from), to: pair(prompt.to) };
    case 'brush':
      return { kind: 'brush', path: prompt.path.map(pair), radius: prompt.radius, positive: prompt.positive };
    case 'mask':
      return { kind: 'mask', mask: key };
    case 'text':
      return { kind: 'text', text: prompt.text };
  }
}

/** Says one more thing about an object on a frame. @throws RotokitError OBJECT_UNKNOWN, OBJECT_LOCKED. */
export function addPrompt(p: Project, object: ObjectId, frame: FrameIndex, prompt: Prompt): Change {
  unlocked(p, object);
  inClip(p, frame, prompt.kind === 'mask' ? prompt.mask : undefined);
  const id = p.freshId('p');
  const order = 1 + Math.max(-1, ...p.prompts(object, frame).map((other) => other.order));
  const record = { id, type: 'prompt', object, frame, order, prompt: stored(prompt, id) };
  const masks: MaskEntries = new Map(prompt.kind === 'mask' ? [[id, prompt.mask]] : []);
  return put(p, [record as PromptRecord], masks);
}

/** Says one thing differently, in its place among the others. @throws RangeError when there is no such prompt. */
export function changePrompt(p: Project, id: string, prompt: Exclude<Prompt, MaskPrompt>): Change {
  const record = p.record(id);
  if (record?.type !== 'prompt') throw new RangeError(`there is no prompt ${id}`);
  unlocked(p, (record as PromptRecord).object);
  return put(p, [{ ...record, prompt: stored(prompt, id) } as PromptRecord]);
}

/** Takes back one thing that was said. @throws RangeError when there is no such prompt. */
export function removePrompt(p: Project, id: string): Change {
  const record = p.record(id);
  if (record?.type !== 'prompt') throw new RangeError(`there is no prompt ${id}`);
  unlocked(p, (record as PromptRecord).object);
  return remove([record]);
}

/** Takes back everything that was said about an object on a frame. */
export function clearPrompts(p: Project, object: ObjectId, frame: FrameIndex): Change {
  unlocked(p, object);
  return remove(p.prompts(object, frame));
}

/** How an anchor was made, for the record. */
export interface AnchorOrigin {
  readonly made: AnchorRecord['made'];
  /** Engine and parameters, where an engine had a part. */
  readonly engine?: Readonly<Record<string, Json>>;
}

/** Makes a frame the user's: from now on this mask is the object's on that frame. Replaces an earlier anchor. */
export function setAnchor(
  p: Project,
  object: ObjectId,
  frame: FrameIndex,
  mask: SoftMask,
  origin: AnchorOrigin,
): Change {
  unlocked(p, object);
  inClip(p, frame, mask);
  const key = p.freshId(`anchor/${object}/${frame}/`);
  const { engine: _, ...before } = (p.anchor(object, frame) ?? {}) as Partial<AnchorRecord>;
  const record = { ...before, id: anchorId(object, frame), type: 'anchor', object, frame, mask: key, ...origin };
  return put(p, [record as AnchorRecord], new Map([[key, mask]]));
}

/** Gives a frame back to the tracker. Nothing happens where there is no anchor. */
export function removeAnchor(p: Project, object: ObjectId, frame: FrameIndex): Change {
  unlocked(p, object);
  const anchor = p.anchor(object, frame);
  return anchor ? remove([anchor]) : NOTHING_CHANGED;
}

/** Notes what a reviewer said about a frame as it is now; `undefined` takes it back. */
export function setMark(
  p: Project,
  object: ObjectId,
  frame: FrameIndex,
  verdict: MarkRecord['verdict'] | undefined,
): Change {
  p.object(object);
  inClip(p, frame);
  const before = p.mark(object, frame);
  if (verdict === undefined) return before ? remove([before]) : NOTHING_CHANGED;
  const basis = p.tracked(object, frame)?.basis ?? null;
  const record = { ...before, id: markId(object, frame), type: 'mark', object, frame, verdict, basis };
  return put(p, [record as MarkRecord]);
}

/** One object on one frame, as tracking hands it over. */
export interface TrackedResult {
  readonly object: ObjectId;
  readonly frame: FrameIndex;
  readonly mask: SoftMask;
  /** Digest of the prompts and anchors it came from. */
  readonly basis: string;
  readonly signals: TrackSignals;
  /** 0 (certainly wrong) to 1 (certainly right). */
  readonly confidence: number;
  /** Why it is not 1, worst first. */
  readonly reasons: readonly string[];
}

/**
 * Keeps results of a run (a tracker's change, not an edit). They replace older results of the same object and frame
 * and never touch an anchor: where there is one, it goes on to count and the result lies beneath it.
 */
export function putTracked(p: Project, run: string, results: readonly TrackedResult[]): Change {
  if (!p.run(run)) throw new RangeError(`there is no run ${run}`);
  const masks = new Map<string, SoftMask>();
  const records = results.map(({ object, frame, mask, basis, signals, confidence, reasons }) => {
    inClip(p, frame, mask);
    const id = trackedId(object, frame);
    if (masks.has(id)) throw new RangeError(`two results for object ${object} on frame index ${frame}`);
    masks.set(id, mask);
    const record = { id, type: 'tracked', object, frame, run, basis, signals: { ...signals }, confidence, reasons };
    return { ...record, reasons: [...reasons] } as unknown as TrackedRecord;
  });
  return put(p, records, masks);
}
