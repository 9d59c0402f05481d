import type { Frame, FrameIndex, FrameNumber, FrameRate, ObjectId, Size, SoftMask } from '@rotokit/core/values';

/** What can be delivered. The first five are the work, the last two are for looking at it. */
export const DELIVERABLE_NAMES = ['exr', 'png', 'davis', 'prores', 'vp9', 'preview', 'contact'] as const;
/** The name of a deliverable, as `--as` takes it. */
export type DeliverableName = (typeof DELIVERABLE_NAMES)[number];

/** An object as files name it. */
export interface DeliveredObject {
  readonly id: ObjectId;
  readonly name: string;
  /** The name as files and channels can hold it, unique within the export (`matteChannelNames` without `.A`). */
  readonly fileName: string;
  readonly colour: readonly [red: number, green: number, blue: number];
}

/** Everything an export knows before its first frame. */
export interface ExportJob {
  readonly folder: string;
  readonly shot: string;
  readonly size: Size;
  readonly rate: FrameRate;
  readonly first: FrameNumber;
  readonly last: FrameNumber;
  readonly objects: readonly DeliveredObject[];
  /** Recorded in every format that has a place for it. */
  readonly provenance: Readonly<Record<string, string>>;
}

/** One frame of an export: a mask for every object, empty where it is absent, in the order of the job's objects. */
export interface DeliveredFrame {
  readonly index: FrameIndex;
  readonly number: FrameNumber;
  readonly masks: readonly SoftMask[];
  /** The least confidence of the objects on this frame, 0 to 1; absent where nothing was tracked. */
  readonly confidence?: number;
  /** The picture under the masks, read once however many deliverables ask. */
  plate(): Promise<Frame<'rgb8'>>;
}

/** One format being written. Frames come in order; what `write` resolved is safe on disk for formats of one file a frame. */
export interface Delivery {
  /** Whether this frame is already on disk with exactly these masks, from an earlier run that was interrupted. */
  has(frame: DeliveredFrame): Promise<boolean>;
  write(frame: DeliveredFrame): Promise<void>;
  /** Finishes, reads back what can be read back, and names what was made. */
  close(): Promise<readonly string[]>;
  /** Leaves no half file under a final name. */
  abort(): Promise<void>;
}

/** A format: opens its delivery for a job. */
export type Deliverable = (job: ExportJob) => Promise<Delivery>;
