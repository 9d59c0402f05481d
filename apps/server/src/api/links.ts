import { z } from 'zod';

/** An invitation. Its secret is in the address that is told once, when it is made. */
export const Link = z.object({
  id: z.string(),
  name: z.string(),
  access: z.enum(['edit', 'view']),
  /** Milliseconds since 1970. */
  since: z.number(),
  /** When it ends; absent where that is with the server. */
  until: z.number().optional(),
});
/** See the schema of the same name. */
export type Link = z.infer<typeof Link>;

/** A link for looking only: who it is for, as the log names them. */
export const NewLink = z.object({
  name: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u, 'must be letters, digits, spaces, ".", "_" or "-"'),
});
/** See the schema of the same name. */
export type NewLink = z.infer<typeof NewLink>;

/** A new link with its address. */
export const MadeLink = Link.extend({ url: z.string() });
/** See the schema of the same name. */
export type MadeLink = z.infer<typeof MadeLink>;
