import { z } from 'zod';
import { Said } from './prompts.js';

const name = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

/** A new object; `object1`, `object2`, ... when it has no name. */
export const NewObject = z.object({ name: name.optional() });
/** See the schema of the same name. */
export type NewObject = z.infer<typeof NewObject>;

/** What to change about an object. */
export const ObjectChange = z
  .object({
    name,
    colour: z.string().regex(/^#[0-9a-f]{6}$/, 'must be #rrggbb in lower case'),
    visible: z.boolean(),
    locked: z.boolean(),
    priority: z.int().min(-1000).max(1000),
    order: z.number().min(-1e6).max(1e6),
  })
  .partial()
  .strict();
/** See the schema of the same name. */
export type ObjectChange = z.infer<typeof ObjectChange>;

/** Something said about an object on a frame; added to what was said before. */
export const Saying = z.object({ frame: z.int(), prompts: z.array(Said).min(1).max(64) });
/** See the schema of the same name. */
export type Saying = z.infer<typeof Saying>;

/** One thing said differently: a click that was moved. */
export const Instead = z.object({ prompt: Said });
/** See the schema of the same name. */
export type Instead = z.infer<typeof Instead>;

/** Where in the history to go: how many of all steps are to be in force. */
export const HistoryPlace = z.object({ applied: z.int().min(0).max(1e9) });
/** See the schema of the same name. */
export type HistoryPlace = z.infer<typeof HistoryPlace>;

/** What a marker is called and looks like; what is left out stays. */
export const MarkerFacts = z
  .object({
    name: z
      .string()
      .trim()
      .max(200)
      .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters'),
    colour: ObjectChange.shape.colour.unwrap(),
  })
  .partial()
  .strict();
/** See the schema of the same name. */
export type MarkerFacts = z.infer<typeof MarkerFacts>;

/** What a reviewer says of a frame; null takes it back. */
export const Verdict = z.object({
  object: z.string().max(200),
  frame: z.int(),
  verdict: z.enum(['accepted', 'ignored']).nullable(),
});
/** See the schema of the same name. */
export type Verdict = z.infer<typeof Verdict>;

/**
 * What an edit came to: the state's new number; of the mask it made, where it made one, the version and the bytes (base64 of the coding of
 * core/values/mask-codec), so that it can be shown without being asked for.
 */
export const Edited = z.object({
  revision: z.int(),
  mask: z.string().optional(),
  coded: z.string().optional(),
  label: z.string().optional(),
});
/** See the schema of the same name. */
export type Edited = z.infer<typeof Edited>;
