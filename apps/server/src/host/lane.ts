import { setTimeout as delay } from 'node:timers/promises';

/** How long background work waits after an edit before it goes on: a hand that clicks once often clicks again. */
const GRACE_MS = 500;

/**
 * Who may use the engine, whose calls may not overlap. Edits come first: they stop the tracking that is under way, which keeps what it
 * finished, and it goes on by itself once no edit has come for half a second.
 */
export class EngineLane {
  #tail: Promise<unknown> = Promise.resolve();
  #preempt: AbortController | undefined;
  #urgent = 0;
  #waiting = 0;
  #lastUrgent = Number.NEGATIVE_INFINITY;

  /** Whether anything uses the engine or waits for it. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Does something that nobody waits for: an edit that comes meanwhile ends it. */
  idle(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#urgent) return;
      const preempt = (this.#preempt = new AbortController());
      try {
        await work(preempt.signal);
      } finally {
        this.#preempt = undefined;
      }
    });
  }

  /** Does an edit as soon as possible, in the order of the calls. */
  async urgent<T>(work: () => Promise<T>): Promise<T> {
    this.#urgent++;
    this.#preempt?.abort();
    try {
      return await this.#enqueue(work);
    } finally {
      this.#urgent--;
      this.#lastUrgent = performance.now();
    }
  }

  /**
   * Does long work in turns until it is finished. `work` is called again whenever an edit came between, with a signal that asks it to
   * step aside; `onWait` is told when it does. Throws what `work` throws unless that was the stepping aside.
   */
  async background(
    work: (signal: AbortSignal) => Promise<void>,
    cancel: AbortSignal,
    onWait: () => void,
  ): Promise<void> {
    for (;;) {
      await this.#calm(cancel);
      const finished = await this.#enqueue(async () => {
        cancel.throwIfAborted();
        if (this.#urgent) return false;
        const preempt = (this.#preempt = new AbortController());
        try {
          await work(AbortSignal.any([cancel, preempt.signal]));
          return true;
        } catch (error) {
          if (cancel.aborted || !preempt.signal.aborted) throw error;
          return false;
        } finally {
          this.#preempt = undefined;
        }
      });
      if (finished) return;
      onWait();
    }
  }

  async #calm(cancel: AbortSignal): Promise<void> {
    for (;;) {
      const rest = this.#urgent ? GRACE_MS : this.#lastUrgent + GRACE_MS - performance.now();
      if (rest <= 0) return;
      await delay(rest, undefined, { signal: cancel });
    }
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const turn = this.#tail.then(work).finally(() => this.#waiting--);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}
