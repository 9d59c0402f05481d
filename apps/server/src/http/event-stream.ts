import type { ServerEvent } from '../api/index.js';
import type { EventHub } from '../projects/event-hub.js';

/** How often a line goes out although nothing happens, so that a dead connection is noticed. */
const BEAT_MS = 15_000;
/** Events that may wait for a slow client before it is dropped; it connects again and asks for the state. */
const BACKLOG = 1000;

/** A response of `text/event-stream` with the events of a project until the client goes. Begins with `changed`. */
export function eventStream(hub: EventHub, revision: number, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string) => {
          if ((controller.desiredSize ?? 0) < -BACKLOG) stop();
          else controller.enqueue(encoder.encode(text));
        };
        const tell = (event: ServerEvent) => send(`data: ${JSON.stringify(event)}\n\n`);
        const unlisten = hub.listen(tell);
        const beat = setInterval(() => send(': beat\n\n'), BEAT_MS);
        stop = () => {
          stop = () => {};
          unlisten();
          clearInterval(beat);
          try {
            controller.close();
          } catch {
            // The client closed it first.
          }
        };
        signal.addEventListener('abort', () => stop(), { once: true });
        tell({ type: 'changed', revision });
      },
      cancel: () => stop(),
    },
    { highWaterMark: 1 },
  );
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } });
}
