import type {
  Frame,
  FrameIndex,
  FrameNumber,
  FrameRate,
  ObjectId,
  Shape,
  Size,
  SoftMask,
  Timecode,
} from '@rotokit/core/values';
import type { ManifestFile, PictureSequence, TimelineMarker } from '@rotokit/formats';
import type { Naming } from './naming.js';

/** What can be delivered: mattes, colour, data sets, timelines, editable shapes, movies; the last two are for looking at. */
export const DELIVERABLE_NAMES = [
  'exr',
  'crypto',
  'cutout',
  'cutout-png',
  'png',
  'tiff',
  'dpx',
  'davis',
  'coco',
  'youtube-vis',
  'mots',
  'mots-png',
  'labelme',
  'cvat',
  'otio',
  'edl',
  'nuke',
  'ae',
  'fusion',
  'silhouette',
  'blender',
  'mlt',
  'natron',
  'svg',
  'lottie',
  'prores',
  'vp9',
  'preview',
  'contact',
] as const;
/** The name of a deliverable, as `--as` takes it. */
export type DeliverableName = (typeof DELIVERABLE_NAMES)[number];

/** An object as files name it. */
export interface DeliveredObject {
  readonly id: ObjectId;
  readonly name: string;
  /** The name as files and channels can hold it, unique within the export (`matteChannelNames` without `.A`). */
  readonly fileName: string;
  /** Shapes of it that a hand has edited, whose edited keys a fit keeps. */
  readonly edited: readonly Shape[];
  readonly colour: readonly [red: number, green: number, blue: number];
}

/** Everything an export knows before its first frame. */
export interface ExportJob {
  readonly folder: string;
  readonly shot: string;
  readonly clip: {
    readonly path: string;
    readonly first: FrameNumber;
    readonly frames: number;
    /** Of the clip's first frame. */
    readonly timecode?: Timecode;
  };
  readonly size: Size;
  readonly rate: FrameRate;
  readonly first: FrameNumber;
  readonly last: FrameNumber;
  readonly objects: readonly DeliveredObject[];
  /** The picture sequences of this export, which a timeline lists. */
  readonly sequences: readonly PictureSequence[];
  readonly naming: Naming;
  /** Frames that somebody should look at, and those that somebody marked. */
  readonly markers: readonly TimelineMarker[];
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
  /** The picture under the masks as it is displayed, read once however many deliverables ask. */
  plate(): Promise<Frame<'rgb8'>>;
  /** The same picture with every bit the clip has, as numbers of 0 to 1 or, where the clip has floats, as stored. */
  deepPlate(): Promise<Frame<'rgbaf'>>;
}

/** A file that an export will leave, relative to its folder with forward slashes, and the frames in it. */
export interface PlannedFile {
  readonly path: string;
  readonly first: number;
  readonly last: number;
}

/** What a delivery left behind, for the manifest. */
export interface Delivered {
  readonly files: readonly ManifestFile[];
  /** What each frame was made from, where frames are gone on with. */
  readonly made?: Readonly<Record<string, string>>;
}

/** One format being written. Frames come in order; what `write` resolved is safe on disk for formats of one file a frame. */
export interface Delivery {
  /** Whether this frame is already on disk with exactly these masks, from an earlier run. */
  has(frame: DeliveredFrame): Promise<boolean>;
  write(frame: DeliveredFrame): Promise<void>;
  /** Finishes, reads back what can be read back, and says what was made. */
  close(): Promise<Delivered>;
  /** Leaves no half file under a final name. */
  abort(): Promise<void>;
  /**
   * Reads a finished frame back and compares it with its masks, as far as the format holds them. Absent where `close` reads back.
   * @throws RotokitError WRITE_VERIFY_FAILED.
   */
  verify?(frame: DeliveredFrame): Promise<void>;
}

/** Choices that decide a format's bytes, as the manifest records them. */
export type FormatChoices = Readonly<Record<string, string | number | boolean>>;

/** A format of a job: what it will leave is known before anything is opened. */
export interface Deliverable {
  readonly files: readonly PlannedFile[];
  readonly choices: FormatChoices;
  /** Whether its files are pictures of single frames, whose folders hold nothing else. */
  readonly sequence: boolean;
  /** Where an object is found in the files. */
  locate?(object: number): { readonly channel?: string; readonly label?: number };
  /** Opens it, to go on from what an earlier run left. */
  open(earlier: EarlierFrames): Promise<Delivery>;
}

/** One frame of an earlier run. */
export interface EarlierFrame {
  /** The digest of everything its files were made from. */
  readonly digest: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  /** What a format of one file for all frames keeps of this one. */
  readonly note?: unknown;
}

/** What an earlier run of the same export left, by frame number. */
export interface EarlierFrames {
  readonly frames: ReadonlyMap<number, EarlierFrame>;
  /** Whether that run finished, so that its manifest has to go before anything changes. */
  readonly finished: boolean;
  /** Identifies the export: equal choices, objects, frames and names. */
  readonly identity: string;
}

/** Makes a format for a job. */
export type DeliverableMaker = (job: ExportJob) => Deliverable;
