import type { Project, RotoDocument, TrackedResult } from '@rotokit/core/project';
import {
  type FinishedFrame,
  maskDigest,
  type ObjectToTrack,
  planTracking,
  type TrackPlan,
  track,
} from '@rotokit/core/tracking';
import type { FrameIndex, FrameNumber, ObjectId } from '@rotokit/core/values';
import { fileScratch } from '../resources/file-scratch.js';
import type { FrameNumbers, ShownRange } from './frames.js';
import type { Sessions } from './sessions.js';

/** One object on one frame that is tracked and on disk. */
export interface TrackDone {
  /** Shown number. */
  readonly frame: FrameNumber;
  /** Name of the object. */
  readonly object: string;
  /** 0 (certainly wrong) to 1 (certainly right). */
  readonly confidence: number;
  /** Why it is not 1, worst first. */
  readonly reasons: readonly string[];
}

/** What to track, and how. */
export interface TrackChoices extends ShownRange {
  /** Names of objects; all that are not locked when left out. */
  readonly objects?: readonly string[];
  /** `allowed`: one pixel may belong to two objects. */
  readonly overlap?: 'exclusive' | 'allowed';
  readonly signal?: AbortSignal;
  /** Told once before the first frame: how much there is to do. */
  onPlan?(plan: TrackPlan): void;
  /** Told after each frame the engine walked, `plan.walked` times in all. */
  onWalked?(): void;
}

/** Masks that may wait for the disk together, and for how long. */
const BATCH = { frames: 24, milliseconds: 300 };

/** What a run of tracking works with. */
export interface TrackContext {
  readonly document: RotoDocument;
  readonly numbers: FrameNumbers;
  readonly sessions: Sessions;
}

/** Tracks what is missing or stale and yields each frame once it is on disk. Leaving the loop releases everything. */
export async function* trackDocument(context: TrackContext, choices: TrackChoices): AsyncGenerator<TrackDone> {
  const { document, numbers, sessions } = context;
  const { engine, session } = await sessions.open();
  const plan = await planDocument(context, choices, engine);
  choices.onPlan?.(plan);
  if (!plan.steps.length) return;
  const { overlap, settings } = plan;
  const run = await document.startRun({
    engine: engine.name,
    provenance: engine.provenance,
    parameters: JSON.parse(JSON.stringify({ overlap, settings })),
  });
  const names = new Map(document.project.objects().map((o) => [o.id, o.name]));
  const told = (r: TrackedResult): TrackDone => ({
    frame: numbers.shown(r.frame),
    object: names.get(r.object) ?? r.object,
    confidence: r.confidence,
    reasons: r.reasons,
  });
  let batch: TrackedResult[] = [];
  let since = performance.now();
  const keep = async () => {
    const kept = batch;
    batch = [];
    since = performance.now();
    await document.keepTracked(run, kept);
    return kept.map(told);
  };
  const frames = track(session, plan, {
    scratch: fileScratch(),
    anchorMask: (object, frame) => anchorMask(document, object, frame),
    ...(choices.signal ? { signal: choices.signal } : {}),
    ...(choices.onWalked ? { onWalked: choices.onWalked } : {}),
  });
  try {
    for await (const done of frames) {
      batch.push(resultOf(done));
      if (batch.length >= BATCH.frames || performance.now() - since > BATCH.milliseconds) yield* await keep();
    }
    yield* await keep();
  } finally {
    // What was finished when the run was cancelled or failed is kept as well, although nobody is told any more.
    if (batch.length) await keep();
  }
}

/** What has to be tracked for a range: anchors and results as the document has them. */
export async function planDocument(
  { document, numbers }: Pick<TrackContext, 'document' | 'numbers'>,
  choices: TrackChoices,
  engine: Parameters<typeof planTracking>[0]['engine'],
): Promise<TrackPlan> {
  const { project } = document;
  const wanted = choices.objects?.map((name) => project.object(name).id);
  const objects: ObjectToTrack[] = [];
  for (const o of project.objects()) {
    if (wanted ? !wanted.includes(o.id) : o.locked) continue;
    objects.push({ object: o.id, priority: o.priority, anchors: await anchorsOf(document, project, o.id) });
  }
  return planTracking({
    range: numbers.range(choices),
    objects,
    engine,
    overlap: choices.overlap ?? 'exclusive',
    tracked: (object, frame) => project.tracked(object, frame)?.basis,
  });
}

async function anchorsOf(document: RotoDocument, project: Project, object: ObjectId) {
  const anchors: ObjectToTrack['anchors'][number][] = [];
  for (const { frame } of project.anchors(object)) {
    anchors.push({ frame, digest: maskDigest(await anchorMask(document, object, frame)) });
  }
  return anchors;
}

async function anchorMask(document: RotoDocument, object: ObjectId, frame: FrameIndex) {
  const mask = await document.mask(object, frame);
  if (!mask) throw new RangeError(`object ${object} has no anchor on frame index ${frame}`);
  return mask;
}

const resultOf = ({ object, frame, mask, signals, confidence, span }: FinishedFrame): TrackedResult => ({
  object,
  frame,
  mask,
  basis: span.basis,
  signals,
  confidence: confidence.value,
  reasons: confidence.doubts.map((d) => d.reason),
});
