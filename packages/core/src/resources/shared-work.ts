/** A computation that starts at once and that several callers wait for: who leaves leaves alone, and it is stopped when the last one has left. */
export class SharedWork<V> {
  readonly #stop = new AbortController();
  readonly #work: Promise<V>;
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<V>) {
    this.#work = work(this.#stop.signal);
    this.#work.catch(() => {}); // told to those who wait, if anybody still does
  }

  /** Whether it was given up: who comes now has to start anew. */
  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** When it has ended, either way. */
  async settled(): Promise<void> {
    await this.#work.catch(() => {});
  }

  /** Stops it for everybody. */
  stop(reason: unknown): void {
    this.#stop.abort(reason);
  }

  /** Waits with the others. @throws what the work throws, or the reason of the caller's own signal. */
  async join(signal?: AbortSignal): Promise<V> {
    this.#waiting++;
    let leave = (): void => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
    });
    try {
      return await (signal ? Promise.race([this.#work, left]) : this.#work);
    } finally {
      signal?.removeEventListener('abort', leave);
      this.#waiting--;
      if (this.#waiting === 0 && signal?.aborted) this.#stop.abort(signal.reason);
    }
  }
}
