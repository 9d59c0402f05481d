import { createHash } from 'node:crypto';
import Libsql from 'libsql';
import { random } from '../kill/seeded.js';
import { alterText, mutate } from './mutate.js';

const COLUMNS = [
  ['records', 'body', 'id'],
  ['records', 'id', 'id'],
  ['history', 'diff', 'seq'],
  ['history', 'label', 'seq'],
  ['meta', 'value', 'key'],
  ['masks', 'bytes', 'id'],
  ['masks', 'bytes', 'id'],
  ['masks', 'key', 'id'],
] as const;

/**
 * Damages values inside a project whose structure stays sound, the same ones for the same seed: what a checksum of the
 * file system or of a page would never find. Digests of masks are made to match, so that the masks' own code is tried.
 */
export function damageRows(file: string, seed: number): void {
  const next = random(seed);
  const int = (n: number) => Math.floor(next() * n);
  const db = new Libsql(file);
  for (let n = 1 + int(3); n > 0; n--) {
    const [table, column, key] = COLUMNS[int(COLUMNS.length)];
    const rows = db.prepare(`SELECT ${key} AS k, ${column} AS v FROM ${table}`).raw().all([]) as [unknown, unknown][];
    if (!rows.length) continue;
    const [k, v] = rows[int(rows.length)];
    const value = damaged(new Uint8Array(v as ArrayBuffer), int(2 ** 31), int);
    const id = k instanceof ArrayBuffer ? new Uint8Array(k) : k;
    db.prepare(`UPDATE OR IGNORE ${table} SET ${column} = ? WHERE ${key} = ?`).run([value, id]);
    if (column !== 'bytes') continue;
    const digest = createHash('sha256').update(value).digest();
    db.prepare('UPDATE masks SET digest = ? WHERE id = ?').run([digest, id]);
  }
  db.close();
}

function damaged(value: Uint8Array, seed: number, int: (n: number) => number): Uint8Array {
  if (!value.length || int(3) === 0) return mutate(value, seed);
  const copy = Uint8Array.from(value);
  for (let n = 1 + int(3); n > 0; n--) alterText(copy, int(copy.length), int);
  return copy;
}
