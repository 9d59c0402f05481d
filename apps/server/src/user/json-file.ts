import { readFile } from 'node:fs/promises';
import { writeWhole } from 'rotokit';
import type { z } from 'zod';

/** A small JSON file that is read when it is asked for and written whole; changes follow one another. */
export class JsonFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  readonly #empty: T;
  readonly #mode: number | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** `mode`: who may read it, as `chmod` says it. */
  constructor(path: string, schema: z.ZodType<T>, empty: T, mode?: number) {
    this.#path = path;
    this.#schema = schema;
    this.#empty = empty;
    this.#mode = mode;
  }

  /** What is in it; what it is without a file where there is none, or none of this shape. */
  async read(): Promise<T> {
    try {
      return this.#schema.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return this.#empty;
    }
  }

  /** Changes it; on disk when this resolves. @throws RotokitError WRITE_FAILED. */
  change(to: (now: T) => T): Promise<T> {
    const turn = this.#queue.then(async () => {
      const next = to(await this.read());
      await writeWhole(this.#path, `${JSON.stringify(next, null, 2)}\n`, this.#mode);
      return next;
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
