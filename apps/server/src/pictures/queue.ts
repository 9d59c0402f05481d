/**
 * Lets a few pieces of work happen at a time. The newest waiting one goes next, because it is what the user looks at now; one whose
 * signal fires while it waits is never done.
 */
export class PictureQueue {
  readonly #width: number;
  #busy = 0;
  #waiting: { readonly start: () => void; readonly signal: AbortSignal }[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** Does the work in its turn. @throws the signal's reason when it fires before the turn comes. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (this.#busy >= this.#width) await this.#turn(signal);
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
      this.#waiting.pop()?.start();
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((w) => w !== entry);
        reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const entry = { start, signal };
      this.#waiting.push(entry);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
