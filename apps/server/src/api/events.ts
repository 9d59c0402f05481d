import { z } from 'zod';
import { Job } from './jobs.js';
import { Proxies } from './proxies.js';

/** Masks that tracking has put on disk since the last event: object, shown frame, confidence, version of the mask. */
export const TrackedMasks = z.array(z.tuple([z.string(), z.int(), z.number(), z.string()]));
/** See the schema of the same name. */
export type TrackedMasks = z.infer<typeof TrackedMasks>;

/**
 * What the page is told while it is open, one JSON value an event of `text/event-stream`. `changed`: the state is another, ask for it.
 * `tracked`: masks arrived. `job`: a job moved. `proxies`: more
 * frames are ready for playing. `gone`: the project was closed or its process died; opening it again goes on from the disk.
 */
export const ServerEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('changed'), revision: z.int() }),
  z.object({ type: z.literal('tracked'), masks: TrackedMasks }),
  z.object({ type: z.literal('job'), job: Job }),
  z.object({ type: z.literal('proxies'), proxies: Proxies }),
  z.object({ type: z.literal('gone'), reason: z.string() }),
]);
/** See the schema of the same name. */
export type ServerEvent = z.infer<typeof ServerEvent>;
