/** What somebody looks at or is about to, or what can wait: small pictures of a list. */
export type Urgency = 'shown' | 'aside';

/**
 * Lets a few pieces of work happen at a time, in the order in which they were asked for, so that playing decodes forwards; what can wait
 * goes last. One whose signal fires while it waits is never done: whoever moves on gives up what he no longer needs.
 */
export class PictureQueue {
  readonly #width: number;
  #busy = 0;
  #waiting: { readonly start: () => void; readonly urgency: Urgency }[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** Does the work in its turn. @throws the signal's reason when it fires before the turn comes. */
  async run<T>(urgency: Urgency, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (this.#busy >= this.#width) await this.#turn(urgency, signal);
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
      this.#next()?.start();
    }
  }

  #next() {
    const shown = this.#waiting.findIndex((w) => w.urgency === 'shown');
    return this.#waiting.splice(Math.max(0, shown), 1)[0];
  }

  #turn(urgency: Urgency, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((w) => w !== entry);
        reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const entry = { start, urgency };
      this.#waiting.push(entry);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
