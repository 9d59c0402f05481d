import { setTimeout as pause } from 'node:timers/promises';
import type { PullEvent } from '@rotokit/core/ports';
import { sizeOf } from '../disk/digest.js';
import type { Place } from '../disk/places.js';
import { breakLock, type HeldLock, LockWatch, tryLock } from '../disk/process-lock.js';

const LOOK = 200;
/** How long a lock may stay untouched before its holder counts as dead; it is touched every two seconds. */
const PATIENCE = 30_000;

/**
 * Waits until nobody else pulls a file, telling how far the other one is, and takes the turn. So two processes share one download: the second
 * finds the file finished, or goes on where a dead one stopped.
 */
export async function* takeTurn(place: Place, file: string, signal: AbortSignal): AsyncGenerator<PullEvent, HeldLock> {
  const watch = new LockWatch(place.lock);
  let told = -1;
  for (;;) {
    const lock = await tryLock(place.lock);
    if ('release' in lock) return lock;
    if (await watch.isStale(PATIENCE)) {
      await breakLock(place.lock, lock);
      continue;
    }
    const bytes = (await sizeOf(place.part)) ?? Math.max(0, told);
    if (bytes !== told) yield { kind: 'wait', file, bytes };
    told = bytes;
    await pause(LOOK, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
