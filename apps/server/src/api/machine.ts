import { z } from 'zod';
import { ExportLook, Failure } from './jobs.js';

/** One clip or project of the batch. */
export const BatchItem = z.object({
  id: z.string(),
  path: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  /** What is under way. */
  step: z.enum(['opening', 'tracking', 'exporting']).optional(),
  done: z.int(),
  total: z.int(),
  /** The project, once it was open. */
  project: z.string().optional(),
  folder: z.string().optional(),
  files: z.int().optional(),
  notes: z.array(z.string()),
  failure: Failure.optional(),
});
/** See the schema of the same name. */
export type BatchItem = z.infer<typeof BatchItem>;

/** What to do with several clips, one after the other: track what is missing, then deliver. */
export const BatchRequest = z.object({
  paths: z.array(z.string().min(1).max(4096)).min(1).max(500),
  track: z.boolean(),
  export: ExportLook.optional(),
  /** Folder of each export beside its project; `{shot}` is the shot's name. */
  folder: z.string().min(1).max(500).default('{shot}_out'),
});
/** See the schema of the same name. */
export type BatchRequest = z.infer<typeof BatchRequest>;

/** A model that can be had. */
export const ModelState = z.object({
  name: z.string(),
  summary: z.string(),
  source: z.string(),
  licence: z.object({ id: z.string(), url: z.string(), gated: z.boolean() }),
  /** Bytes on disk, where it is here. */
  installed: z.number().optional(),
  /** The download that is under way. */
  pull: z.object({ file: z.string(), bytes: z.number(), total: z.number().optional(), doing: z.string() }).optional(),
  /** Why the last download ended. */
  failure: Failure.optional(),
});
/** See the schema of the same name. */
export type ModelState = z.infer<typeof ModelState>;

/** What is used now, in bytes. */
export const Resources = z.object({
  server: z.object({ memory: z.number(), heap: z.number() }),
  machine: z.object({ memory: z.number(), free: z.number() }),
  projects: z.array(
    z.object({
      id: z.string(),
      shot: z.string(),
      /** Of the project's process: engine, decoder, project. */
      memory: z.number(),
      heap: z.number(),
      pictures: z.object({ bytes: z.number(), limit: z.number(), hits: z.int(), misses: z.int() }),
    }),
  ),
  models: z.object({ folder: z.string(), bytes: z.number() }),
});
/** See the schema of the same name. */
export type Resources = z.infer<typeof Resources>;
