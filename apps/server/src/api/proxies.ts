import { z } from 'zod';

/**
 * Which frames are ready for playing without decoding, as runs of shown numbers, both ends included. `making`: more are being made. `waiting`: the
 * making waits for somebody who needs the machine. `complete`: nothing is left to make. `stopped`: no more can be made, for the reason in `note`.
 */
export const Proxies = z.object({
  ready: z.array(z.tuple([z.int(), z.int()])),
  state: z.enum(['making', 'waiting', 'complete', 'stopped']),
  note: z.string().optional(),
});
/** See the schema of the same name. */
export type Proxies = z.infer<typeof Proxies>;
