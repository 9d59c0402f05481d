import { z } from 'zod';
import { Job } from './jobs.js';
import { EngineChoice } from './presets.js';
import { KeptPrompt } from './prompts.js';

/** First and last shown frame number, both included. */
const span = z.tuple([z.int(), z.int()]);

/** What is known of the clip. */
export const Clip = z.object({
  path: z.string(),
  width: z.int(),
  height: z.int(),
  frames: z.int(),
  /** Shown number of the first frame. */
  first: z.int(),
  rate: z.object({ num: z.int(), den: z.int() }),
  codec: z.string(),
  bitDepth: z.int(),
  notices: z.array(z.string()),
});
/** See the schema of the same name. */
export type Clip = z.infer<typeof Clip>;

/** The engine that counts for something: its name and the kinds of prompts it understands, or why it cannot be used. */
export const EngineInForce = z.object({
  name: z.string().optional(),
  accepts: z.array(z.string()),
  refused: z.string().optional(),
});
/** See the schema of the same name. */
export type EngineInForce = z.infer<typeof EngineInForce>;

/** A marked frame. */
export const Marker = z.object({ frame: z.int(), name: z.string(), colour: z.string() });
/** See the schema of the same name. */
export type Marker = z.infer<typeof Marker>;

/** One object with everything a timeline shows of it. Frame numbers are as shown. */
export const ObjectState = z.object({
  id: z.string(),
  name: z.string(),
  /** `#rrggbb`. */
  colour: z.string(),
  visible: z.boolean(),
  locked: z.boolean(),
  priority: z.number(),
  /** Where it stands in the list: the lower number first. */
  order: z.number(),
  /** The engine that follows it; `own` where it was chosen for this object. */
  engine: EngineInForce.extend({ own: EngineChoice.optional() }),
  anchors: z.array(z.int()),
  prompts: z.array(KeptPrompt),
  /**
   * Where there are masks: first frame, last frame, version. A mask's bytes never change under a version, which is asked for with it
   * (`masks/OBJECT/FRAME?v=VERSION`). Neighbouring frames may share one.
   */
  masks: z.array(z.tuple([z.int(), z.int(), z.string()])),
  /** One byte a frame, base64: 0 to 200 is the tracker's confidence times 200, 255 that there is none. */
  confidence: z.string(),
  /** Frames without a mask, or with one that is older than an edit beside it. Empty while there is no anchor. */
  stale: z.array(span),
});
/** See the schema of the same name. */
export type ObjectState = z.infer<typeof ObjectState>;

/** A stretch worth looking at, and the one frame of it to look at first. */
export const ReviewItem = z.object({
  object: z.string(),
  frame: z.int(),
  confidence: z.number(),
  reasons: z.array(z.string()),
  first: z.int(),
  last: z.int(),
});
/** See the schema of the same name. */
export type ReviewItem = z.infer<typeof ReviewItem>;

/** The last steps of the history, oldest first, and where in all of them the project stands. */
export const HistoryState = z.object({
  entries: z.array(z.object({ label: z.string(), at: z.number().optional() })),
  /** How many steps were left out before `entries`. */
  before: z.int(),
  /** How many steps, of all, are in force. */
  applied: z.int(),
});
/** See the schema of the same name. */
export type HistoryState = z.infer<typeof HistoryState>;

/** A project as it is now: records without pictures and masks. */
export const ProjectState = z.object({
  id: z.string(),
  shot: z.string(),
  /** The project file. */
  path: z.string(),
  /** Grows with every change the server makes or sees. */
  revision: z.int(),
  clip: Clip,
  objects: z.array(ObjectState),
  review: z.array(ReviewItem),
  /** Confidence below which a frame comes to the review queue. */
  reviewBelow: z.number(),
  history: HistoryState,
  jobs: z.array(Job),
  markers: z.array(Marker),
  /** The engine of objects without one of their own: as it was asked for, and which one that is. */
  engine: EngineInForce.extend(EngineChoice.shape),
});
/** See the schema of the same name. */
export type ProjectState = z.infer<typeof ProjectState>;
