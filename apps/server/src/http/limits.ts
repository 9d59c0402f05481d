import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { visitorOf } from './guard.js';

/** How much one server does for its page. */
export interface Limits {
  /** Bytes of a request's body: 1 MB. A stroke of 4,096 points takes 90 kB. */
  readonly bodyBytes: number;
  /** Bytes of an uploaded file: 64 MB, a 16-bit mask of 8K without compression. */
  readonly uploadBytes: number;
  /** Requests being answered at a time, event streams not counted: 64. */
  readonly requests: number;
  /** Event streams at a time: 16, about one a tab. */
  readonly streams: number;
  /** Connections at a time, idle ones included: 256. */
  readonly connections: number;
  /** Milliseconds in which a request's headers must have come, and three times as many for all of it: 10,000. */
  readonly headerMilliseconds: number;
  /** Milliseconds for one answer, event streams not counted: 60,000. */
  readonly milliseconds: number;
}

/** See {@link Limits}. */
export const LIMITS: Limits = {
  bodyBytes: 1e6,
  uploadBytes: 64e6,
  requests: 64,
  streams: 16,
  connections: 256,
  headerMilliseconds: 10_000,
  milliseconds: 60_000,
};

const busy = { code: 'BUSY', message: 'the server is busy', fix: 'Try again in a moment.' };

/** Refuses bodies that are too large, before and while they are read. */
export const limitBody = (maxSize: number): MiddlewareHandler =>
  bodyLimit({
    maxSize,
    onError: (c) =>
      c.json({ code: 'TOO_LARGE', message: `a body has at most ${maxSize} bytes`, fix: 'Send less.' }, 413),
  });

/** Refuses requests beyond the number at a time, and gives each a signal that fires when its client has gone, is no longer welcome, or its time is up. */
export function limitWork(limits: Limits): MiddlewareHandler {
  let [requests, streams] = [0, 0];
  return async (c, next) => {
    const stream = c.req.path.endsWith('/events');
    if (stream ? streams >= limits.streams : requests >= limits.requests) {
      c.header('retry-after', '1');
      return c.json(busy, 503);
    }
    const gone = new Leaving([c.req.raw.signal, visitorOf(c)?.gone]);
    c.set('signal', gone.signal);
    if (stream) {
      // The stream outlives this handler: it is counted until its client goes.
      streams++;
      gone.signal.addEventListener('abort', () => streams--, { once: true });
      return next();
    }
    requests++;
    const time = gone.after(limits.milliseconds);
    try {
      if ((await Promise.race([next(), time])) !== 'late') return;
      return c.json({ code: 'TIME_OUT', message: 'this took too long', fix: 'Try again.' }, 503);
    } finally {
      requests--;
      gone.release();
    }
  };
}

/** A signal that fires when one of several does, and holds on to none of them afterwards: a visitor's outlives thousands of requests. */
class Leaving {
  readonly #cancel = new AbortController();
  readonly #from: readonly AbortSignal[];
  readonly #leave = () => {
    this.#cancel.abort();
    this.release();
  };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(from: readonly (AbortSignal | undefined)[]) {
    this.#from = from.filter((s) => s !== undefined);
    for (const s of this.#from) s.addEventListener('abort', this.#leave);
    if (this.#from.some((s) => s.aborted)) this.#leave();
  }

  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  /** Fires after some time too, and says so. */
  after(milliseconds: number): Promise<'late'> {
    return new Promise((resolve) => {
      this.#timer = setTimeout(() => {
        this.#leave();
        resolve('late');
      }, milliseconds);
    });
  }

  /** Lets go of everything. */
  release(): void {
    clearTimeout(this.#timer);
    for (const s of this.#from) s.removeEventListener('abort', this.#leave);
  }
}
