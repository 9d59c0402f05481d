import { type Json, type ObjectId, objectId, RotokitError, type RotoRecord } from '../values/index.js';
import { type Change, chain, put, remove } from './change.js';
import type { Project } from './project.js';
import type { ClipRecord, ObjectRecord, RunRecord, SettingsRecord } from './record-types.js';

/** Colours of new objects, told apart by people with any colour vision (Okabe and Ito 2008), brightened for overlays. */
const COLOURS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7', '#9ad0f5'];

/** The facts of a clip that a new project begins with. */
export interface ClipFacts {
  readonly path: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly frames: number;
  readonly rate: { readonly num: number; readonly den: number };
  readonly first: number;
}

/** The first record of a project: its clip. Further facts may be passed and are kept. */
export function clipRecord(facts: ClipFacts, more: Readonly<Record<string, Json>> = {}): ClipRecord {
  const { path, size, frames, rate, first } = facts;
  const known = { path, size: { ...size }, frames, rate: { ...rate }, first };
  return { ...more, ...known, id: 'clip', type: 'clip' } as unknown as ClipRecord;
}

/** Changes facts of the clip, such as its path after the media moved. Its size stays: every mask has it. */
export const changeClip = (p: Project, facts: Partial<Omit<ClipFacts, 'size'>>): Change =>
  put(p, [{ ...p.clip, ...(facts as Record<string, Json>) }]);

/** What a new object may be told; everything but the name has a default. */
export interface NewObject {
  readonly name: string;
  /** Made up when absent. */
  readonly id?: string;
  readonly colour?: string;
  readonly priority?: number;
  readonly metadata?: Readonly<Record<string, Json>>;
}

/** Adds an object at the end of the list. @throws RangeError when its name or id is another's name or id. */
export function addObject(p: Project, o: NewObject): Change {
  const id = objectId(o.id ?? p.freshId('id-'));
  for (const taken of [o.name, id])
    if (p.hasObject(taken)) throw new RangeError(`there is an object ${JSON.stringify(taken)} already`);
  const objects = p.objects();
  const record: ObjectRecord = {
    id,
    type: 'object',
    name: o.name,
    colour: o.colour ?? COLOURS[objects.length % COLOURS.length],
    priority: o.priority ?? 0,
    visible: true,
    locked: false,
    order: 1 + Math.max(-1, ...objects.map((other) => other.order)),
    metadata: o.metadata ?? {},
  };
  return put(p, [record]);
}

/** What can be changed about an object. An `engine` of null leaves it to the project again. */
export type ObjectChange = Partial<
  Pick<ObjectRecord, 'name' | 'colour' | 'priority' | 'visible' | 'locked' | 'order' | 'metadata'>
> & { readonly engine?: NonNullable<ObjectRecord['engine']> | null };

/** Changes how an object is called, shown or ranked. @throws RangeError when the new name is another's name or id. */
export function changeObject(p: Project, object: ObjectId, to: ObjectChange): Change {
  const from = p.object(object);
  if (to.name !== undefined && to.name !== from.name && p.hasObject(to.name))
    throw new RangeError(`there is an object ${JSON.stringify(to.name)} already`);
  const { engine, ...rest } = { ...from, ...to };
  return put(p, [{ ...rest, ...(engine ? { engine } : {}) } as RotoRecord]);
}

/** Removes an object with everything the user said about it. What was tracked stays, in case this is undone. */
export function removeObject(p: Project, object: ObjectId): Change {
  const record = unlocked(p, object);
  return remove([record, ...p.prompts(object), ...p.anchors(object), ...p.marks(object), ...p.shapes(object)]);
}

/** The record of an object that may be edited. @throws RotokitError OBJECT_UNKNOWN or OBJECT_LOCKED. */
export function unlocked(p: Project, object: ObjectId): ObjectRecord {
  const record = p.object(object);
  if (record.locked) throw new RotokitError('OBJECT_LOCKED', { object: record.name });
  return record;
}

/** Sets some of the project's own choices; null takes one back. */
export function changeSettings(p: Project, values: Readonly<Record<string, Json>>): Change {
  const merged = Object.entries({ ...p.settings, ...values }).filter(([, v]) => v !== null);
  const before = (p.record('settings') ?? {}) as Partial<SettingsRecord>;
  const record = { ...before, id: 'settings', type: 'settings', values: Object.fromEntries(merged) };
  return put(p, [record as SettingsRecord]);
}

/** What a run of tracking is told once, for all its results. */
export type NewRun = Pick<RunRecord, 'engine' | 'provenance' | 'parameters'>;

/** Notes a run of tracking (a tracker's change, not an edit), and says its id. */
export function addRun(p: Project, run: NewRun): { readonly change: Change; readonly id: string } {
  const id = p.freshId('run');
  const { engine, provenance, parameters } = run;
  return { change: put(p, [{ id, type: 'run', engine, provenance, parameters }]), id };
}

/** Forgets what was tracked of an object (a tracker's change, not an edit), and runs that nothing refers to any more. */
export function forgetTracked(p: Project, object: ObjectId): Change {
  return chain(
    p,
    (q) => remove(q.trackedFrames(object)),
    (q) => remove(unusedRuns(q)),
  );
}

/** Runs that no tracked result refers to. */
export function unusedRuns(p: Project): readonly RunRecord[] {
  const used = new Set<string>();
  for (const r of p.records()) if (r.type === 'tracked') used.add(r.run as string);
  return p.runs().filter((run) => !used.has(run.id));
}
