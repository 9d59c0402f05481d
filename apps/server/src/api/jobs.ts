import { DELIVERABLE_NAMES } from 'rotokit';
import { z } from 'zod';

/** The formats an export can write, by the names of the library. */
export const ExportFormat = z.enum(DELIVERABLE_NAMES);
/** See the schema of the same name. */
export type ExportFormat = z.infer<typeof ExportFormat>;

const range = { first: z.int().optional(), last: z.int().optional() };

/** `exclusive`: a pixel belongs to one object. `allowed`: to any number. */
const overlap = z.enum(['exclusive', 'allowed']).optional();

/** What to track: shown frame numbers, both ends included; everything that is not locked when objects are left out. */
export const TrackRequest = z.object({ ...range, objects: z.array(z.string().max(200)).max(256).optional(), overlap });
/** See the schema of the same name. */
export type TrackRequest = z.infer<typeof TrackRequest>;

/** How files are called: see `Naming` of the library. */
const Naming = z
  .object({
    template: z.string().min(1).max(500),
    version: z.int().min(0).max(99_999),
    padding: z.int().min(1).max(12),
    start: z.int().min(0).max(1e9),
  })
  .partial();

/** How edges and colours are finished: colours of cut-outs, and how near shapes keep to mattes, in pixels. */
export const Refinement = z.object({
  cutout: z
    .object({ colour: z.enum(['estimated', 'plate']), alpha: z.enum(['premultiplied', 'straight']) })
    .partial()
    .optional(),
  shapes: z
    .object({ error: z.number().min(0.05).max(50), keyError: z.number().min(0.05).max(50) })
    .partial()
    .optional(),
});
/** See the schema of the same name. */
export type Refinement = z.infer<typeof Refinement>;

/** What to deliver and how, without where and which frames: what a preset keeps. */
export const ExportLook = Refinement.extend({
  formats: z.array(ExportFormat).min(1).max(DELIVERABLE_NAMES.length),
  overlap,
  exr: z
    .object({
      type: z.enum(['half', 'float']),
      compression: z.enum(['none', 'rle', 'zips', 'zip']),
      window: z.enum(['whole', 'cropped']),
      parts: z.boolean(),
      manifest: z.enum(['embedded', 'sidecar']),
    })
    .partial()
    .optional(),
  dpx: z.object({ depth: z.union([z.literal(10), z.literal(16)]) }).optional(),
  naming: Naming.optional(),
  /** Reads everything back. */
  verify: z.boolean().optional(),
});
/** See the schema of the same name. */
export type ExportLook = z.infer<typeof ExportLook>;

/** What to deliver and where. The folder is relative to the project's own, or absolute within the opened folders. */
export const ExportRequest = ExportLook.extend({
  ...range,
  folder: z.string().min(1).max(1024),
  objects: z.array(z.string().max(200)).min(1).max(256).optional(),
  /** Takes away what another export of these formats left there, instead of refusing. */
  replace: z.boolean().optional(),
});
/** See the schema of the same name. */
export type ExportRequest = z.infer<typeof ExportRequest>;

/** What a job is to do: enough to start it again after the server was killed. */
export const JobOrder = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('track'), request: TrackRequest }),
  z.object({ kind: z.literal('export'), request: ExportRequest }),
]);
/** See the schema of the same name. */
export type JobOrder = z.infer<typeof JobOrder>;

/** A failure as the page shows it: a code of the table of errors (or USAGE, INTERNAL), what happened, what to do. */
export const Failure = z.object({ code: z.string(), message: z.string(), fix: z.string() });
/** See the schema of the same name. */
export type Failure = z.infer<typeof Failure>;

/**
 * Long work. It belongs to the server, not to the page that asked for it, and goes on when the project is opened again after the server has
 * ended, however it ended. `waiting`: it steps aside for an edit and goes on by itself. `paused`: it waits to be told to go on, because the
 * process ended several times while it was at work. `done` and `total` count masks when tracking, frames when exporting; what is counted is on disk.
 */
export const Job = z.object({
  id: z.string(),
  kind: z.enum(['track', 'export']),
  state: z.enum(['running', 'waiting', 'paused', 'done', 'failed', 'cancelled']),
  done: z.int(),
  total: z.int(),
  /** What it does, for people: `exr, prores to sh010_out`. */
  title: z.string(),
  /** Seconds it has been at work. */
  seconds: z.number(),
  notes: z.array(z.string()),
  failure: Failure.optional(),
  /** Of a finished export: the folder, and the files of each format. */
  folder: z.string().optional(),
  files: z.record(z.string(), z.array(z.string())).optional(),
});
/** See the schema of the same name. */
export type Job = z.infer<typeof Job>;

/** What an export would leave, by the code that names its files, and what stands against it. */
export const ExportOutlook = z.object({
  folder: z.string(),
  frames: z.int(),
  formats: z.array(
    z.object({
      format: ExportFormat,
      files: z.int(),
      /** The first names and the last one. */
      names: z.array(z.string()),
      /** Frames that are there already and will not be written again. */
      kept: z.int(),
    }),
  ),
  /** Why it would be refused. */
  problems: z.array(Failure),
  /** What it would do all the same. */
  notes: z.array(z.string()),
});
/** See the schema of the same name. */
export type ExportOutlook = z.infer<typeof ExportOutlook>;

/** An estimate of the room an export takes, from a few frames that were really encoded and thrown away. */
export const SpaceEstimate = z.object({
  bytes: z.number(),
  formats: z.array(z.object({ format: ExportFormat, bytes: z.number() })),
  /** Shown numbers of the first and last frame that was encoded. */
  sampled: z.tuple([z.int(), z.int()]),
  /** Bytes free where the folder is. */
  free: z.number(),
});
/** See the schema of the same name. */
export type SpaceEstimate = z.infer<typeof SpaceEstimate>;
