import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';

/** What can be bound to a statement. Text goes in as bytes: the driver cuts strings off at their first NUL. */
export type Bound = Uint8Array | number | null;
/** What comes out. Text columns must be cast to BLOB: the driver ends the process on text that is not UTF-8. */
export type Column = Uint8Array | number | null;
/** One row, by column. */
export type Row = readonly Column[];

type Statement = ReturnType<Libsql.Database['prepare']>;

const bytesOf = (value: unknown): Column => (value instanceof ArrayBuffer ? new Uint8Array(value) : (value as Column));

/**
 * A connection to an SQLite file, with the driver's traps in one place. Calls are synchronous: a commit of a few masks
 * takes a millisecond or two, less than a message to a thread and back would be worth.
 */
export class Database {
  readonly #db: Libsql.Database;
  readonly #statements = new Map<string, Statement>();

  /** Opens a file. `rwc` makes it when it is not there; with `ro` nothing can be written by any means. */
  constructor(path: string, mode: 'ro' | 'rw' | 'rwc') {
    this.#db = new Libsql(`${pathToFileURL(path).href}?mode=${mode}`, { timeout: 0 });
  }

  /** Runs statements that return nothing of interest. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** Runs one statement with its values; how many rows it changed. */
  run(sql: string, ...values: readonly Bound[]): number {
    return this.#prepared(sql).run(values).changes;
  }

  /** The first row of a query. */
  row(sql: string, ...values: readonly Bound[]): Row | undefined {
    const row = this.#prepared(sql).raw().get(values) as unknown[] | undefined;
    return row?.map(bytesOf);
  }

  /** The only column of the only row of a query. */
  value(sql: string, ...values: readonly Bound[]): Column {
    return this.row(sql, ...values)?.[0] ?? null;
  }

  /** All rows of a query. */
  rows(sql: string, ...values: readonly Bound[]): readonly Row[] {
    const rows = this.#prepared(sql).raw().all(values) as unknown[][];
    return rows.map((row) => row.map(bytesOf));
  }

  /** Does something as one transaction: all of it is kept, or, when it throws, nothing. */
  transaction<T>(kind: 'DEFERRED' | 'IMMEDIATE', work: () => T): T {
    this.exec(`BEGIN ${kind}`);
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.inTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }

  /** Closes the file. */
  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepared(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** What SQLite may hold for a connection: its page cache, by default. */
const CONNECTION_BYTES = 2 << 20;

/**
 * Lets the runtime free what a closed connection has left: the driver keeps a file open until its prepared statements
 * have been collected. The collector cannot see how much hangs on them, so it is shown as much, and what it has collected
 * is freed between turns of the event loop only. Without this, a program that opens one project after the other runs out of
 * file handles.
 */
export function handlesFreed(): Promise<void> {
  new ArrayBuffer(CONNECTION_BYTES);
  return new Promise((resolve) => setImmediate(resolve));
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true });

/** Text as it is stored. */
export const textBytes = (text: string): Uint8Array => ENCODER.encode(text);

/** Stored text. @throws TypeError when it is not text. */
export function textOf(column: Column): string {
  if (!(column instanceof Uint8Array)) throw new TypeError('a text is missing');
  return DECODER.decode(column);
}
