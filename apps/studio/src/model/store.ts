import { useSyncExternalStore } from 'react';

/** A value that changes, and those who want to know. */
export interface Store<T> {
  get(): T;
  set(change: Partial<T>): void;
  listen(listener: () => void): () => void;
}

/** A store that begins with a value. */
export function createStore<T extends object>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(change) {
      value = { ...value, ...change };
      for (const listener of [...listeners]) listener();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A part of a store, as a hook: the component is drawn again when the part is another. The part must not be made anew each time. */
export function usePart<T extends object, P>(store: Store<T>, part: (value: T) => P): P {
  return useSyncExternalStore(store.listen, () => part(store.get()));
}
