import type { Database } from './database.js';

/** `Roto` in ASCII: what SQLite's header says a file is. */
export const APPLICATION_ID = 0x526f746f;
/** The version of the tables below, kept as `user_version`. The records inside have a version of their own. */
export const LAYOUT = 1;

/*
 * Every text is a BLOB of UTF-8, since the driver cannot be trusted with damaged text. `masks.step` is the step of the
 * history that brought the mask, 0 for results of tracking: when a step that was undone is dropped, so are its masks.
 */
const TABLES: Readonly<Record<string, string>> = {
  meta: 'CREATE TABLE meta(key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID',
  records: 'CREATE TABLE records(id BLOB PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID',
  history: 'CREATE TABLE history(seq INTEGER PRIMARY KEY, label BLOB NOT NULL, at REAL, diff BLOB NOT NULL)',
  masks:
    'CREATE TABLE masks(id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, step INTEGER NOT NULL, digest BLOB NOT NULL, bytes BLOB NOT NULL)',
  masks_by_step: 'CREATE INDEX masks_by_step ON masks(step) WHERE step > 0',
  migrations: 'CREATE TABLE migrations(version INTEGER PRIMARY KEY)',
};

/** Makes the tables of a new project, inside the caller's transaction. */
export function createTables(db: Database): void {
  for (const sql of Object.values(TABLES)) db.exec(sql);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  db.exec(`PRAGMA user_version = ${LAYOUT}`);
}

/** What is wrong with the tables: anything but exactly ours, since a foreign trigger or view could do anything. */
export function layoutProblem(db: Database): string | undefined {
  const text = (v: unknown) => (v instanceof Uint8Array ? new TextDecoder().decode(v) : '');
  const rows = db.rows('SELECT CAST(name AS BLOB), CAST(sql AS BLOB) FROM sqlite_schema');
  const found = new Map(rows.map(([name, sql]) => [text(name), text(sql)]));
  for (const [name, sql] of Object.entries(TABLES)) {
    if (!found.has(name)) return `the table ${name} is missing`;
    if (found.get(name) !== sql) return `the table ${name} is not as it should be`;
  }
  for (const name of found.keys())
    if (!Object.hasOwn(TABLES, name) && !name.startsWith('sqlite_autoindex_masks_'))
      return `it holds ${JSON.stringify(name)}, which is none of a project's`;
  return undefined;
}

/** What SQLite finds wrong with the file's structure, in its words. */
export function damage(db: Database): string | undefined {
  const rows = db.rows('SELECT CAST(quick_check AS BLOB) FROM pragma_quick_check(1)');
  const verdict = rows.map(([v]) => (v instanceof Uint8Array ? new TextDecoder().decode(v) : '')).join('; ');
  return verdict === 'ok' ? undefined : verdict || 'its structure cannot be checked';
}
