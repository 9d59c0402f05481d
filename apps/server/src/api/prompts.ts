import { z } from 'zod';

/** A coordinate in pixels of the displayed picture; pictures have at most 65,500 a side. */
const pixel = z.number().min(0).max(65500);
const point = z.tuple([pixel, pixel]);

/** One thing drawn on a frame about an object. Points are `[x, y]` in source pixels. */
export const Prompt = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('point'), at: point, positive: z.boolean() }),
  z.object({ kind: z.literal('box'), from: point, to: point }),
  z.object({
    kind: z.literal('brush'),
    path: z.array(point).min(1).max(4096),
    radius: z.number().min(0.5).max(4096),
    positive: z.boolean(),
  }),
]);
/** See the schema of the same name. */
export type Prompt = z.infer<typeof Prompt>;

/** Words for the thing; refused, with what would take them, where the project's engine takes none. */
const Words = z.object({ kind: z.literal('text'), text: z.string().trim().min(1).max(400) });

/** One thing said about an object on a frame, as the page sends it. */
export const Said = z.union([Prompt, Words]);
/** See the schema of the same name. */
export type Said = z.infer<typeof Said>;

/** A prompt that is kept, with the frame it was said on (as shown). Kinds the page cannot draw come as they are. */
export const KeptPrompt = z.object({
  id: z.string(),
  frame: z.int(),
  prompt: z.union([Said, z.object({ kind: z.literal('mask') })]),
});
/** See the schema of the same name. */
export type KeptPrompt = z.infer<typeof KeptPrompt>;
