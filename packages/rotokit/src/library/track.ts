import type { Engine } from '@rotokit/core/ports';
import type { ObjectRecord, Project, RotoDocument, TrackedResult } from '@rotokit/core/project';
import {
  type FinishedFrame,
  maskDigest,
  type ObjectToTrack,
  planTracking,
  type TrackPlan,
  track,
} from '@rotokit/core/tracking';
import {
  type FrameIndex,
  type FrameNumber,
  framesOf,
  isRotokitError,
  type ObjectId,
  RotokitError,
} from '@rotokit/core/values';
import { choiceKey, type EngineChoice } from '../engines/choice.js';
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

/** How much there is to do, by all engines together: masks that will be made, frames walked for them, objects that nothing was said about. */
export type TrackOutlook = Pick<TrackPlan, 'frames' | 'walked' | 'unanchored'>;

/** What to track, and how. */
export interface TrackChoices extends ShownRange {
  /** Names of objects; all that are not locked when left out. */
  readonly objects?: readonly string[];
  /** `allowed`: one pixel may belong to two objects. */
  readonly overlap?: 'exclusive' | 'allowed';
  readonly signal?: AbortSignal;
  /** Told once before the first frame: how much there is to do. */
  onPlan?(plan: TrackOutlook): void;
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

/**
 * Tracks what is missing or stale, each object by its own engine, one engine after the other, and yields each frame once it is on disk. Leaving the loop
 * releases everything.
 */
export async function* trackDocument(context: TrackContext, choices: TrackChoices): AsyncGenerator<TrackDone> {
  const { document, sessions } = context;
  const plans: EnginePlan[] = [];
  for (const { choice, objects } of groupsOf(context, choices)) {
    const engine = await sessions.engine(choice).catch((error: unknown) => refuseFor(objects, error));
    plans.push({ choice, plan: await planObjects(context, choices, engine, objects) });
  }
  await sessions.keepUsed(document.project);
  const sum = (part: 'frames' | 'walked') => plans.reduce((n, { plan }) => n + plan[part], 0);
  const unanchored = plans.flatMap(({ plan }) => plan.unanchored);
  choices.onPlan?.({ frames: sum('frames'), walked: sum('walked'), unanchored });
  const busy = plans.filter(({ plan }) => plan.steps.length);
  // What needs too much memory is refused before the first of them begins.
  for (const { choice, plan } of busy) await sessions.open(choice, objectsIn(plan));
  for (const p of busy) yield* trackPlan(context, p, choices);
}

/** Says of a refused engine which objects it was chosen for, where it was. */
function refuseFor(objects: readonly ObjectRecord[], error: unknown): never {
  const names = objects.filter((o) => o.engine).map((o) => o.name);
  if (!isRotokitError(error) || error.code !== 'ENGINE_UNAVAILABLE' || !names.length) throw error;
  const reason = `${error.facts.reason}; it was chosen for ${names.join(', ')}`;
  throw new RotokitError('ENGINE_UNAVAILABLE', { ...error.facts, reason }, error);
}

/** What one engine has to do. */
interface EnginePlan {
  readonly choice: EngineChoice;
  readonly plan: TrackPlan;
}

const objectsIn = ({ steps }: TrackPlan): number => new Set(steps.flatMap((s) => s.spans.map((p) => p.object))).size;

async function* trackPlan(
  { document, numbers, sessions }: TrackContext,
  { choice, plan }: EnginePlan,
  choices: TrackChoices,
): AsyncGenerator<TrackDone> {
  const { engine, session } = await sessions.open(choice, objectsIn(plan));
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

/**
 * The frames of each object that tracking would make a mask for. Where an object's engine cannot be used now, nobody can tell which of its masks are
 * older than an edit: then those that are missing.
 */
export async function staleFrames(
  context: TrackContext,
  choices: TrackChoices,
): Promise<ReadonlyMap<ObjectId, ReadonlySet<FrameIndex>>> {
  const { project } = context.document;
  const frames = new Map<ObjectId, Set<FrameIndex>>();
  const add = (object: ObjectId, missing: Iterable<FrameIndex>) => {
    const all = frames.get(object) ?? new Set();
    for (const frame of missing) all.add(frame);
    frames.set(object, all);
  };
  for (const { choice, objects } of groupsOf(context, choices)) {
    const engine = await context.sessions.engine(choice).catch(refusal);
    if (engine) for (const s of (await planObjects(context, choices, engine, objects)).stale) add(s.object, s.missing);
    else
      for (const { id } of objects.filter((o) => project.anchors(o.id).length))
        add(
          id,
          [...framesOf(context.numbers.range(choices))].filter((f) => project.maskKey(id, f) === undefined),
        );
  }
  return frames;
}

/** Takes what the world refused for an answer, and throws everything else on. */
function refusal(error: unknown): undefined {
  if (!isRotokitError(error)) throw error;
}

/** The objects that are to be tracked, by the choice of engine that counts for them. */
function groupsOf(
  { document: { project }, sessions }: Pick<TrackContext, 'document' | 'sessions'>,
  { objects }: TrackChoices,
): readonly { readonly choice: EngineChoice; readonly objects: readonly ObjectRecord[] }[] {
  const wanted = objects?.map((name) => project.object(name).id);
  const groups = new Map<string, { readonly choice: EngineChoice; readonly objects: ObjectRecord[] }>();
  for (const o of project.objects()) {
    if (wanted ? !wanted.includes(o.id) : o.locked) continue;
    const choice = sessions.choiceFor(project, o.id);
    const group = groups.get(choiceKey(choice));
    if (group) group.objects.push(o);
    else groups.set(choiceKey(choice), { choice, objects: [o] });
  }
  return [...groups.values()];
}

/** What an engine has to track for a range: anchors and results as the document has them. */
async function planObjects(
  { document, numbers }: Pick<TrackContext, 'document' | 'numbers'>,
  choices: TrackChoices,
  engine: Engine,
  records: readonly ObjectRecord[],
): Promise<TrackPlan> {
  const { project } = document;
  const objects: ObjectToTrack[] = [];
  for (const o of records)
    objects.push({ object: o.id, priority: o.priority, anchors: await anchorsOf(document, project, o.id) });
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
