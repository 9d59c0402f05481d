import {
  applyDiff,
  type FrameIndex,
  type ObjectId,
  type RecordsDiff,
  RotokitError,
  type RotoRecord,
} from '../values/index.js';
import {
  type AnchorRecord,
  anchorId,
  type ClipRecord,
  type KnownType,
  type MarkerRecord,
  type MarkRecord,
  markId,
  type ObjectRecord,
  type PromptRecord,
  type RecordOf,
  type RunRecord,
  type SettingsRecord,
  type ShapeRecord,
  type TrackedRecord,
  trackedId,
} from './record-types.js';

type ById = ReadonlyMap<string, RotoRecord>;

const NOTHING: ById = new Map();

function byType(records: Iterable<RotoRecord>): Map<string, RotoRecord[]> {
  const types = new Map<string, RotoRecord[]>();
  for (const r of records) {
    const of = types.get(r.type);
    if (of) of.push(r);
    else types.set(r.type, [r]);
  }
  return types;
}

const byFrame = (a: { frame: number }, b: { frame: number }) => a.frame - b.frame;
const byOrder = (a: { order: number; id: string }, b: { order: number; id: string }) =>
  a.order - b.order || (a.id < b.id ? -1 : 1);

/**
 * A project at one moment: an unchangeable view over its records. Edits do not change it; they say what would change
 * (see `edits.ts`), and `with` gives the project after that. Records of one type share their map between versions.
 */
export class Project {
  /** Grows with every edit, undo and redo. */
  readonly revision: number;
  readonly #types: ReadonlyMap<string, ById>;

  private constructor(types: ReadonlyMap<string, ById>, revision: number) {
    this.#types = types;
    this.revision = revision;
  }

  /** The project that consists of these records. @throws RangeError when an id occurs twice. */
  static of(records: Iterable<RotoRecord>, revision = 0): Project {
    return new Project(new Map(), revision).with({ added: [...records], updated: [], removed: [] });
  }

  /** The project after a change. @throws RangeError when the change was made for other records. */
  with(diff: RecordsDiff, revision = this.revision): Project {
    const types = new Map(this.#types);
    const [added, removed] = [byType(diff.added), byType(diff.removed)];
    const updated = byType(diff.updated.map((u) => u.from));
    for (const { from, to } of diff.updated)
      if (from.type !== to.type) throw new RangeError(`record ${from.id} cannot become a ${to.type}`);
    const update = new Map(diff.updated.map((u) => [u.from, u]));
    for (const type of new Set([...added.keys(), ...removed.keys(), ...updated.keys()])) {
      const part = applyDiff(types.get(type) ?? NOTHING, {
        added: added.get(type) ?? [],
        updated: (updated.get(type) ?? []).map((from) => update.get(from) as { from: RotoRecord; to: RotoRecord }),
        removed: removed.get(type) ?? [],
      });
      types.set(type, part);
    }
    const next = new Project(types, revision);
    for (const r of diff.added) if (next.#count(r.id) > 1) throw new RangeError(`record ${r.id} is there already`);
    return next;
  }

  /** The record of an id, whatever its type. */
  record(id: string): RotoRecord | undefined {
    for (const part of this.#types.values()) {
      const r = part.get(id);
      if (r) return r;
    }
    return undefined;
  }

  /** Every record, those of unknown types included. */
  *records(): Generator<RotoRecord> {
    for (const part of this.#types.values()) yield* part.values();
  }

  /** The clip. @throws RangeError when the project has none. */
  get clip(): ClipRecord {
    const clip = this.#get('clip', 'clip');
    if (!clip) throw new RangeError('the project has no clip');
    return clip;
  }

  /** The project's own choices; empty when none was made. */
  get settings(): SettingsRecord['values'] {
    return this.#get('settings', 'settings')?.values ?? {};
  }

  /** All objects in list order. */
  objects(): readonly ObjectRecord[] {
    return this.#all('object').sort(byOrder);
  }

  /** An object by its identity or its name; no name is another's identity. @throws RotokitError OBJECT_UNKNOWN. */
  object(idOrName: string): ObjectRecord {
    const found = this.#find(idOrName);
    if (found) return found;
    const names = this.objects().map((o) => o.name);
    throw new RotokitError('OBJECT_UNKNOWN', { object: idOrName, known: names.join(', ') || 'none yet' });
  }

  /** Whether an object has this identity or this name. */
  hasObject(idOrName: string): boolean {
    return this.#find(idOrName) !== undefined;
  }

  /** What was said about an object, by frame and then in the order it was said; on one frame when one is given. */
  prompts(object: ObjectId, frame?: FrameIndex): readonly PromptRecord[] {
    const of = this.#all('prompt').filter((p) => p.object === object && (frame === undefined || p.frame === frame));
    return of.sort((a, b) => byFrame(a, b) || byOrder(a, b));
  }

  /** An object's anchors, by frame. */
  anchors(object: ObjectId): readonly AnchorRecord[] {
    return this.#all('anchor')
      .filter((a) => a.object === object)
      .sort(byFrame);
  }

  /** The anchor of an object on a frame. */
  anchor(object: ObjectId, frame: FrameIndex): AnchorRecord | undefined {
    return this.#get('anchor', anchorId(object, frame));
  }

  /** The tracked result of an object on a frame; of no interest where there is an anchor. */
  tracked(object: ObjectId, frame: FrameIndex): TrackedRecord | undefined {
    return this.#get('tracked', trackedId(object, frame));
  }

  /** All tracked results of an object, by frame. */
  trackedFrames(object: ObjectId): readonly TrackedRecord[] {
    return this.#all('tracked')
      .filter((t) => t.object === object)
      .sort(byFrame);
  }

  /** The run of an id. */
  run(id: string): RunRecord | undefined {
    return this.#get('run', id);
  }

  /** All runs of tracking. */
  runs(): readonly RunRecord[] {
    return this.#all('run');
  }

  /** What a reviewer said about an object on a frame. */
  mark(object: ObjectId, frame: FrameIndex): MarkRecord | undefined {
    return this.#get('mark', markId(object, frame));
  }

  /** Every review mark of an object, by frame. */
  marks(object: ObjectId): readonly MarkRecord[] {
    return this.#all('mark')
      .filter((m) => m.object === object)
      .sort(byFrame);
  }

  /** The frames that were marked, in their order. */
  markers(): readonly MarkerRecord[] {
    return this.#all('marker').sort(byFrame);
  }

  /** The edited shapes of an object. */
  shapes(object: ObjectId): readonly ShapeRecord[] {
    return this.#all('shape').filter((s) => s.object === object);
  }

  /** The key of the mask that counts for an object on a frame: the anchor's, else the tracked one's. */
  maskKey(object: ObjectId, frame: FrameIndex): string | undefined {
    return this.anchor(object, frame)?.mask ?? this.tracked(object, frame)?.id;
  }

  /** An id that no record of this project has or, once this revision has passed, can ever have had. */
  freshId(prefix: string): string {
    const id = `${prefix}${this.revision + 1}`;
    for (let n = 2, candidate = id; ; n++) {
      if (!this.#count(candidate)) return candidate;
      candidate = `${id}-${n}`;
    }
  }

  #find(idOrName: string): ObjectRecord | undefined {
    return this.#get('object', idOrName) ?? this.#all('object').find((o) => o.name === idOrName);
  }

  #count(id: string): number {
    let n = 0;
    for (const part of this.#types.values()) if (part.has(id)) n++;
    return n;
  }

  #get<T extends KnownType>(type: T, id: string): RecordOf<T> | undefined {
    return this.#types.get(type)?.get(id) as RecordOf<T> | undefined;
  }

  #all<T extends KnownType>(type: T): RecordOf<T>[] {
    return [...(this.#types.get(type)?.values() ?? [])] as unknown as RecordOf<T>[];
  }
}
