import type { ServerEvent } from '../api/index.js';

/** Hands each event of a project to everybody who listens. */
export class EventHub {
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  #pages = 0;

  /** Whether a page is listening. */
  get heard(): boolean {
    return this.#pages > 0;
  }

  /** Listens for a page until the returned function is called. */
  listen(listener: (event: ServerEvent) => void): () => void {
    this.#pages++;
    const end = this.watch(listener);
    return () => {
      if (end()) this.#pages--;
    };
  }

  /** Listens for the server itself until the returned function is called. */
  watch(listener: (event: ServerEvent) => void): () => boolean {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells everybody. */
  readonly tell = (event: ServerEvent): void => {
    for (const listener of this.#listeners) listener(event);
  };
}
