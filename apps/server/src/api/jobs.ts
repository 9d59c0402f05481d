import { DELIVERABLE_NAMES } from 'rotokit';
import { z } from 'zod';

/** The formats an export can write, by the names of the library. */
export const ExportFormat = z.enum(DELIVERABLE_NAMES);
/** See the schema of the same name. */
export type ExportFormat = z.infer<typeof ExportFormat>;

const range = { first: z.int().optional(), last: z.int().optional() };

/** What to track: shown frame numbers, both ends included; everything that is not locked when objects are left out. */
export const TrackRequest = z.object({ ...range, objects: z.array(z.string().max(200)).max(256).optional() });
/** See the schema of the same name. */
export type TrackRequest = z.infer<typeof TrackRequest>;

/** What to deliver and where. The folder is relative to the project's own, or absolute within the opened folders. */
export const ExportRequest = z.object({
  ...range,
  formats: z.array(ExportFormat).min(1).max(DELIVERABLE_NAMES.length),
  folder: z.string().min(1).max(1024),
  objects: z.array(z.string().max(200)).min(1).max(256).optional(),
  overlap: z.enum(['exclusive', 'allowed']).optional(),
  exr: z
    .object({ type: z.enum(['half', 'float']).optional(), compression: z.enum(['none', 'zips', 'zip']).optional() })
    .optional(),
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
