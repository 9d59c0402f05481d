import type { Project } from '@rotokit/core/project';
import { REVIEW_DEFAULTS } from '@rotokit/core/tracking';
import type { FrameIndex } from '@rotokit/core/values';
import type { Roto } from 'rotokit';
import type { HistoryState, Job, KeptPrompt, ObjectState, ProjectState } from '../api/index.js';
import type { EnginesInForce } from './engines-in-force.js';

/** Steps of the history that the page is shown. */
const HISTORY_SHOWN = 200;
/** The byte that says "no confidence". */
const NONE = 255;

/** What the state has beside the project's records. */
export interface StateFacts {
  readonly id: string;
  readonly path: string;
  readonly revision: number;
  readonly jobs: readonly Job[];
  readonly engines: EnginesInForce;
  /** Frames to be tracked, by object, as indices. */
  readonly stale: ReadonlyMap<string, ReadonlySet<FrameIndex>>;
}

/** The version of the mask that counts for an object on a frame: another mask has another one. */
export function maskVersion(p: Project, object: string, frame: FrameIndex): string | undefined {
  const anchor = p.anchor(object as never, frame);
  if (anchor) return anchor.mask;
  const tracked = p.tracked(object as never, frame);
  return tracked && `${tracked.run}.${tracked.basis.slice(0, 12)}`;
}

/** Everything the page shows of a project. */
export function projectState(roto: Roto, facts: StateFacts): ProjectState {
  const { project, clip, shot } = roto;
  return {
    id: facts.id,
    shot,
    path: facts.path,
    revision: facts.revision,
    clip: {
      path: clip.path,
      ...clip.size,
      frames: clip.frames,
      first: clip.first,
      rate: { num: clip.rate.num, den: clip.rate.den },
      codec: clip.codec,
      bitDepth: clip.bitDepth,
      notices: [...clip.notices],
    },
    objects: project.objects().map((o) => objectState(roto, o, facts)),
    review: roto.review().map((r) => ({ ...r, reasons: [...r.reasons] })),
    reviewBelow: REVIEW_DEFAULTS.below,
    history: historyState(roto),
    jobs: [...facts.jobs],
    markers: project.markers().map((m) => ({ frame: roto.numbers.shown(m.frame), name: m.name, colour: m.colour })),
    engine: facts.engines.project,
  };
}

function objectState(
  roto: Roto,
  o: ReturnType<Project['objects']>[number],
  { stale: all, engines }: StateFacts,
): ObjectState {
  const { project, numbers, clip } = roto;
  const stale = all.get(o.id) ?? new Set();
  const confidence = new Uint8Array(clip.frames).fill(NONE);
  for (const t of project.trackedFrames(o.id)) confidence[t.frame] = Math.round(200 * t.confidence);
  const anchors = project.anchors(o.id);
  const prompts = project.prompts(o.id).map(({ id, frame, prompt }): KeptPrompt => {
    const kept = prompt.kind === 'mask' ? { kind: prompt.kind } : prompt;
    return { id, frame: numbers.shown(frame), prompt: kept as KeptPrompt['prompt'] };
  });
  return {
    id: o.id,
    name: o.name,
    colour: o.colour,
    visible: o.visible,
    locked: o.locked,
    priority: o.priority,
    order: o.order,
    engine: engines.objects.get(o.id) as ObjectState['engine'],
    anchors: anchors.map((a) => numbers.shown(a.frame)),
    prompts,
    masks: runs(clip.frames, clip.first, (i) => maskVersion(project, o.id, i as FrameIndex)),
    confidence: Buffer.from(confidence).toString('base64'),
    stale: anchors.length
      ? runs(clip.frames, clip.first, (i) => (stale.has(i as FrameIndex) ? 'stale' : undefined)).map(([a, b]) => [a, b])
      : [],
  };
}

/** Neighbouring frames with the same value as one run of shown numbers. */
function runs(frames: number, first: number, versionAt: (i: number) => string | undefined): [number, number, string][] {
  const out: [number, number, string][] = [];
  let open: [number, number, string] | undefined;
  for (let i = 0; i < frames; i++) {
    const value = versionAt(i);
    if (open && value === open[2]) open[1] = first + i;
    else if (value === undefined) open = undefined;
    else out.push((open = [first + i, first + i, value]));
  }
  return out;
}

function historyState(roto: Roto): HistoryState {
  const { entries, applied } = roto.history;
  const before = Math.max(0, entries.length - HISTORY_SHOWN);
  return {
    entries: entries.slice(before).map(({ label, at }) => ({ label, ...(at === undefined ? {} : { at }) })),
    before,
    applied,
  };
}
