/**
 * Runs jobs one after the other. Two native calls at once on one codec context, or a close during a decode, abort the
 * whole process, so every context stands behind one of these and its close goes through the same queue.
 */
export class Exclusive {
  #tail: Promise<unknown> = Promise.resolve();

  /** Runs `job` after all jobs before it, whether those succeeded or not. */
  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => {});
    return result;
  }
}
