import type { FrameIndex, ObjectId, ObjectPrompts, PromptKind, Size, SoftMask } from '../values/index.js';
import type { FrameSource } from './frame-source.js';

/**
 * Something that finds objects in frames and follows them. It only ever goes from a start to an end in one direction:
 * spans, both directions, anchors, blending, confidence and persistence belong to `tracking`, once for every engine.
 */
export interface Engine {
  readonly name: string;
  /** What makes a result reproducible: versions, weight digests and parameters, recorded with every mask. */
  readonly provenance: Readonly<Record<string, string | number>>;
  readonly accepts: ReadonlySet<PromptKind>;
  /** Prepares for a clip, which stays the caller's to close. `past`: what is known of objects from before, for engines that can use it. */
  open(source: FrameSource, past?: Past): Promise<EngineSession>;
  /** Bytes of memory that following so many objects through a clip of a size takes at most, where it can tell: asked for before it is opened. */
  need?(size: Size, objects: number): number;
}

/** What is known of the objects of a clip, whoever found out and when: how a project tells its engine what other sessions did. Asked at any time. */
export interface Past {
  /** Frames of an object that the user settled, rising; none for an object that is not known. */
  anchors(object: ObjectId): readonly FrameIndex[];
  /** The mask that counts on a frame: the user's, else the tracked one. */
  mask(object: ObjectId, frame: FrameIndex): Promise<SoftMask | undefined>;
  /** What a walk made of a frame, also where the user settled it afterwards. */
  tracked(object: ObjectId, frame: FrameIndex): Promise<SoftMask | undefined>;
}

/** An engine at work on one clip. Calls may not overlap, except that a signal may end one at any time. */
export interface EngineSession {
  /**
   * The objects on one frame from what was said about them, in the order given.
   * @throws RotokitError ENGINE_PROMPT_UNSUPPORTED.
   */
  segment(frame: FrameIndex, objects: readonly ObjectPrompts[], signal?: AbortSignal): Promise<readonly SoftMask[]>;
  /** Follows masks from one frame to another. Leaving the loop releases everything; errors reach the consumer. */
  propagate(p: Propagation): AsyncIterable<TrackedFrame>;
  /** Releases memory and threads. Called once, by whoever opened. */
  close(): Promise<void>;
}

/** One object to follow: its mask on the start frame, and its rank where objects claim the same pixel. */
export interface TrackStart {
  readonly object: ObjectId;
  readonly mask: SoftMask;
  /** Larger wins. */
  readonly priority: number;
}

/** A walk: `to` may lie before `from`. The frames delivered are those after `from`, up to and including `to`. */
export interface Propagation {
  readonly from: FrameIndex;
  readonly to: FrameIndex;
  readonly objects: readonly TrackStart[];
  /** Whether one pixel may belong to two objects. */
  readonly overlap: 'exclusive' | 'allowed';
  readonly signal?: AbortSignal;
}

/** What an engine can say about its own answer. Every number is 0 (bad) to 1 (good); absent when it cannot tell. */
export interface TrackSignals {
  /** How sure it is that this is the object. */
  readonly score: number;
  /** How decided the pixels near the edge are. */
  readonly certainty?: number;
  /** How well motion there and motion back agree on the object. */
  readonly flowAgreement?: number;
  /** `searching`: the object is believed hidden or gone. `found`: seen again on this frame. `cut`: the shot changed. */
  readonly state: 'tracked' | 'searching' | 'found' | 'cut';
}

/** One object on one frame of a walk. */
export interface TrackedObject {
  readonly object: ObjectId;
  readonly mask: SoftMask;
  readonly signals: TrackSignals;
}

/** All objects of a walk on one frame, in the order they were given. */
export interface TrackedFrame {
  readonly frame: FrameIndex;
  readonly objects: readonly TrackedObject[];
}
