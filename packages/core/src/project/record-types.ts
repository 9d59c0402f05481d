import type { TrackSignals } from '../ports/index.js';
import type { FrameIndex, FrameNumber, FrameRate, Json, ObjectId, RotoRecord, Size } from '../values/index.js';

/*
 * Every record may carry fields that this version does not know: they are kept as they came, so that nothing gets lost
 * between versions. Hence `RotoRecord &` everywhere.
 */

/** The clip that the project is about. One per project, id `clip`. */
export type ClipRecord = RotoRecord & {
  readonly type: 'clip';
  /** As the user named it, absolute or relative to the project file. */
  readonly path: string;
  /** Displayed size; every mask of the project has it. */
  readonly size: Readonly<Size> & { readonly [field: string]: Json };
  readonly frames: number;
  readonly rate: Readonly<FrameRate> & { readonly [field: string]: Json };
  /** The number shown for frame 0. */
  readonly first: FrameNumber;
};

/** Something to be followed. Its id never changes; everything else may. */
export type ObjectRecord = RotoRecord & {
  readonly id: ObjectId;
  readonly type: 'object';
  readonly name: string;
  /** `#rrggbb`, for overlays only. */
  readonly colour: string;
  /** Where two objects claim the same pixel, the larger number wins. */
  readonly priority: number;
  readonly visible: boolean;
  /** A locked object takes no edits and is not tracked until it is unlocked. */
  readonly locked: boolean;
  /** Position in lists; objects of the same position follow their ids. */
  readonly order: number;
  /** How it is followed, where that is not left to the project: `engine`, and `profile` and `policy` where they were chosen. */
  readonly engine?: Readonly<Record<string, Json>>;
  /** Anything a pipeline wants to keep with the object. */
  readonly metadata: Readonly<Record<string, Json>>;
};

/** What a prompt says, as stored: points are `[x, y]` in source pixels, a mask is the key of its plane. */
export type StoredPrompt =
  | { readonly kind: 'point'; readonly at: readonly [number, number]; readonly positive: boolean }
  | { readonly kind: 'box'; readonly from: readonly [number, number]; readonly to: readonly [number, number] }
  | {
      readonly kind: 'brush';
      readonly path: readonly (readonly [number, number])[];
      readonly radius: number;
      readonly positive: boolean;
    }
  | { readonly kind: 'mask'; readonly mask: string }
  | { readonly kind: 'text'; readonly text: string };

/** One thing said about one object on one frame. */
export type PromptRecord = RotoRecord & {
  readonly type: 'prompt';
  readonly object: ObjectId;
  readonly frame: FrameIndex;
  /** Prompts of a frame are applied in this order. */
  readonly order: number;
  readonly prompt: StoredPrompt & { readonly [field: string]: Json };
};

/**
 * A frame the user has edited or confirmed: the object's mask there is `mask` and nothing but another edit changes it.
 * One per object and frame, id `anchor/OBJECT/FRAME`.
 */
export type AnchorRecord = RotoRecord & {
  readonly type: 'anchor';
  readonly object: ObjectId;
  readonly frame: FrameIndex;
  /** Key of the mask plane. */
  readonly mask: string;
  /** From prompts by an engine, painted, read from a file, or a tracked result the user confirmed. */
  readonly made: 'prompts' | 'painted' | 'imported' | 'confirmed';
  /** Engine and parameters behind it, where an engine had a part. */
  readonly engine?: Readonly<Record<string, Json>>;
};

/** One run of tracking: what makes its results reproducible. Many tracked masks share one. */
export type RunRecord = RotoRecord & {
  readonly type: 'run';
  readonly engine: string;
  /** Versions and weight digests, as the engine tells them. */
  readonly provenance: Readonly<Record<string, string | number>>;
  readonly parameters: Readonly<Record<string, Json>>;
};

/** A tracked mask of one object on one frame: id `tracked/OBJECT/FRAME`, which is also the key of its plane. */
export type TrackedRecord = RotoRecord & {
  readonly type: 'tracked';
  readonly object: ObjectId;
  readonly frame: FrameIndex;
  /** Id of its run. */
  readonly run: string;
  /** Digest of the prompts and anchors it came from: it is stale when theirs has become another. */
  readonly basis: string;
  readonly signals: TrackSignals & { readonly [field: string]: Json };
  /** 0 (certainly wrong) to 1 (certainly right). */
  readonly confidence: number;
  /** Why it is not 1, worst first: names such as `low-score`, `area-jump`. */
  readonly reasons: readonly string[];
};

/** What a reviewer said about one object on one frame: id `mark/OBJECT/FRAME`. */
export type MarkRecord = RotoRecord & {
  readonly type: 'mark';
  readonly object: ObjectId;
  readonly frame: FrameIndex;
  readonly verdict: 'accepted' | 'ignored';
  /** Basis of the tracked mask that was looked at, so that a mark on an older result can be told. */
  readonly basis: string | null;
};

/**
 * A Bezier shape of an object that a hand has edited, whole, so that fitting can go on from it: id `shape/OBJECT/SHAPE`.
 * Shapes that nobody touched are not recorded: the masks give them again.
 */
export type ShapeRecord = RotoRecord & {
  readonly type: 'shape';
  readonly object: ObjectId;
  /** The shape's own id among those of the object, such as `1b`. */
  readonly shape: string;
  readonly name: string;
  readonly mode: 'add' | 'subtract';
  readonly corners: readonly boolean[];
  /** First frame and the one after the last, for each stretch in which it is visible. */
  readonly visible: readonly (readonly [number, number])[];
  /** By frame: six numbers a point (`ShapeKey`), feather widths, and whether a hand made it. */
  readonly keys: readonly {
    readonly frame: FrameIndex;
    readonly outline: readonly number[];
    readonly feather: readonly number[];
    readonly edited: boolean;
  }[];
};

/** A frame that somebody wants to find again: id `marker/FRAME`, so there is one a frame. */
export type MarkerRecord = RotoRecord & {
  readonly type: 'marker';
  readonly frame: FrameIndex;
  /** May be empty. */
  readonly name: string;
  /** `#rrggbb`. */
  readonly colour: string;
};

/** Choices that belong to the project rather than to a run of a program. One per project, id `settings`. */
export type SettingsRecord = RotoRecord & {
  readonly type: 'settings';
  readonly values: Readonly<Record<string, Json>>;
};

/** Every record this version understands. */
export type KnownRecord =
  | ClipRecord
  | ObjectRecord
  | PromptRecord
  | AnchorRecord
  | RunRecord
  | TrackedRecord
  | MarkRecord
  | ShapeRecord
  | MarkerRecord
  | SettingsRecord;

/** The names of the types this version understands. */
export type KnownType = KnownRecord['type'];

/** The record type of a name. */
export type RecordOf<T extends KnownType> = Extract<KnownRecord, { readonly type: T }>;

/** The types that tracking makes and may make again; all others belong to the user. */
export const DERIVED_TYPES: ReadonlySet<string> = new Set<KnownType>(['run', 'tracked']);

/** Id of the anchor of an object on a frame. */
export const anchorId = (object: ObjectId, frame: FrameIndex): string => `anchor/${object}/${frame}`;
/** What ids of tracked records begin with, and keys of their masks; no key of a user's mask does. */
export const TRACKED_PREFIX = 'tracked/';
/** Id of the tracked record of an object on a frame, and key of its mask. */
export const trackedId = (object: ObjectId, frame: FrameIndex): string => `${TRACKED_PREFIX}${object}/${frame}`;
/** Id of the review mark of an object on a frame. */
export const markId = (object: ObjectId, frame: FrameIndex): string => `mark/${object}/${frame}`;

/** Id of the record of an edited shape. */
export const shapeRecordId = (object: ObjectId, shape: string): string => `shape/${object}/${shape}`;

/** Id of the marker of a frame. */
export const markerId = (frame: FrameIndex): string => `marker/${frame}`;

/** The keys of masks that a record names. */
export function masksNamedBy(r: RotoRecord): readonly string[] {
  if (r.type === 'tracked') return [r.id];
  if (r.type === 'anchor') return [r.mask as string];
  if (r.type !== 'prompt') return [];
  const prompt = r.prompt as { readonly [field: string]: Json };
  return prompt.kind === 'mask' ? [prompt.mask as string] : [];
}
