import type { ServerEvent } from '../api/index.js';

/** Hands each event of a project to everybody who listens. */
export class EventHub {
  readonly #listeners = new Set<(event: ServerEvent) => void>();

  /** Listens until the returned function is called. */
  listen(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells everybody. */
  readonly tell = (event: ServerEvent): void => {
    for (const listener of this.#listeners) listener(event);
  };
}
