import { z } from 'zod';
import { ExportLook, Refinement } from './jobs.js';

/** Which engine, and how hard it tries. */
export const EngineChoice = z.object({
  /** `auto` takes the best that can be used; a list (`sam2.1-tiny,embedded`) the first of it. */
  engine: z.string().regex(/^[\w.,-]{1,200}$/),
  profile: z.enum(['full', 'fast']).optional(),
  /** Threads beside the main one. */
  threads: z.int().min(0).max(256).optional(),
  /** How engines that remember do it, with thresholds: `samurai,motionWeight=0.15`. */
  policy: z
    .string()
    .regex(/^[\w.,=-]{1,300}$/)
    .optional(),
});
/** See the schema of the same name. */
export type EngineChoice = z.infer<typeof EngineChoice>;

/** An engine that could be chosen: what it understands, what can be chosen about it, why it cannot be used here and now where it cannot. */
export const EngineCard = z.object({
  name: z.string(),
  merit: z.string(),
  accepts: z.array(z.string()),
  takes: z.array(z.enum(['profile', 'policy'])),
  refused: z.string().optional(),
});
/** See the schema of the same name. */
export type EngineCard = z.infer<typeof EngineCard>;

/** A memory policy with its thresholds as they are unless told. */
export const PolicyCard = z.object({
  name: z.string(),
  summary: z.string(),
  thresholds: z.record(z.string(), z.number()),
});
/** See the schema of the same name. */
export type PolicyCard = z.infer<typeof PolicyCard>;

/** What can be chosen for a project or an object. */
export const EngineList = z.object({ engines: z.array(EngineCard), policies: z.array(PolicyCard) });
/** See the schema of the same name. */
export type EngineList = z.infer<typeof EngineList>;

/** How an engine remembers objects (`memory`, as `policy` of an engine), and what counts where they meet. */
export const Policy = z.object({
  memory: EngineChoice.shape.policy,
  overlap: z.enum(['exclusive', 'allowed']).optional(),
});
/** See the schema of the same name. */
export type Policy = z.infer<typeof Policy>;

const name = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

/** Choices that a user keeps under a name. */
export const Preset = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('engine'), name, value: EngineChoice }),
  z.object({ kind: z.literal('policy'), name, value: Policy }),
  z.object({ kind: z.literal('refinement'), name, value: Refinement }),
  z.object({ kind: z.literal('export'), name, value: ExportLook }),
]);
/** See the schema of the same name. */
export type Preset = z.infer<typeof Preset>;

/** A preset as it is listed; `built-in` ones come with the program and cannot be changed. */
export const ListedPreset = z.object({ preset: Preset, builtIn: z.boolean(), about: z.string().optional() });
/** See the schema of the same name. */
export type ListedPreset = z.infer<typeof ListedPreset>;

/** A file of presets, to hand on: what the page exports, imports, and what lies in the user's folder. */
export const PresetFile = z.object({
  rotokit: z.literal('presets'),
  version: z.literal(1),
  presets: z.array(Preset).max(500),
});
/** See the schema of the same name. */
export type PresetFile = z.infer<typeof PresetFile>;
