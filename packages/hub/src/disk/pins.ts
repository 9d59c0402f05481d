import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Trust } from '@rotokit/core/ports';
import { RotokitError, reasonOf } from '@rotokit/core/values';
import { breakLock, type HeldLock, LockWatch, tryLock } from './process-lock.js';

/** What was found out about a file when it first came, and holds ever since. */
export interface Pin {
  readonly sha256: string;
  readonly bytes: number;
  readonly trust: Trust;
  /** The repository's commit that the source named. */
  readonly commit?: string;
  /** Made here from a checkpoint of torch: another file than the one that sources announce. */
  readonly converted?: true;
  /** What had been pinned of the publisher's own file before; a later pull of that is held to it. */
  readonly publisher?: Pin;
}

/** What a file is held to: one converted from a checkpoint to the conversion before, the publisher's own to what was pinned of that. */
export function heldTo(pin: Pin | undefined, converted: boolean): Pin | undefined {
  if (converted) return pin?.converted ? pin : undefined;
  return pin?.converted ? pin.publisher : pin;
}

/** Pins of all models, `model/file`. */
type Pins = Readonly<Record<string, Pin>>;

const VERSION = 1;

/** Reads every pin; none when there is no file yet. @throws RotokitError MODEL_PINS_UNREADABLE. */
export async function readPins(path: string): Promise<Pins> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new RotokitError('MODEL_PINS_UNREADABLE', { path, reason: reasonOf(e) }, e);
  }
  try {
    const { version, pins } = JSON.parse(text) as { version: number; pins: Pins };
    if (version !== VERSION) throw new Error(`its version is ${version}, this program knows ${VERSION}`);
    for (const [key, pin] of Object.entries(pins))
      if (!/^[0-9a-f]{64}$/.test(pin.sha256) || !Number.isSafeInteger(pin.bytes))
        throw new Error(`the entry ${key} is no pin`);
    return pins;
  } catch (e) {
    throw new RotokitError('MODEL_PINS_UNREADABLE', { path, reason: reasonOf(e) }, e);
  }
}

/** Adds a pin, whole or not at all, beside what other processes pin meanwhile. @throws RotokitError MODEL_PINS_UNREADABLE. */
export async function writePin(path: string, key: string, pin: Pin): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const lock = await waitForLock(`${path}.lock`);
  try {
    const pins = { ...(await readPins(path)), [key]: pin };
    const sorted = Object.fromEntries(Object.entries(pins).sort(([a], [b]) => (a < b ? -1 : 1)));
    const fresh = `${path}.new`;
    const file = await open(fresh, 'w');
    try {
      await file.writeFile(`${JSON.stringify({ version: VERSION, pins: sorted }, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path).catch(async (e: unknown) => {
      await rm(fresh, { force: true });
      throw e;
    });
  } finally {
    await lock.release();
  }
}

async function waitForLock(path: string): Promise<HeldLock> {
  const watch = new LockWatch(path);
  for (;;) {
    const lock = await tryLock(path);
    if ('release' in lock) return lock;
    if (await watch.isStale(10_000)) await breakLock(path, lock);
    await pause(20);
  }
}
