/**
 * The process that makes a clip's pictures for playing, at the lowest urgency that the system has: whatever anybody waits for comes first, and its memory
 * is given back whole when it is done. It ends by itself, and with the server.
 */
import { statfs } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { reasonOf } from '@rotokit/core/values';
import { openClip } from '@rotokit/media';
import { ProxyMaker } from './proxy-maker.js';
import { bytesIn, clipShelf } from './proxy-shelf.js';

/** What the process is asked to do. */
export type ToMaker =
  | {
      readonly kind: 'make';
      readonly clip: string;
      readonly folder: string;
      /** Most bytes of the clip's pictures. */
      readonly limit: number;
      /** Bytes that must stay free on the disk. */
      readonly spare: number;
    }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'aim'; readonly index: number }
  | { readonly kind: 'skip'; readonly index: number };

/** What it tells: a frame is on disk (`bytes` 0: it cannot be read), or it has ended, with the reason where something is left. */
export type FromMaker =
  | { readonly kind: 'made'; readonly index: number; readonly bytes: number }
  | { readonly kind: 'ended'; readonly reason?: string };

/** Decoded frames are used once. */
const RING_BYTES = 1;
/** The disk is asked for its room every so many pictures. */
const LOOK_EVERY = 32;

const before: ToMaker[] = [];
let maker: ProxyMaker | undefined;

const send = (message: FromMaker): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });

async function make({ clip, folder, limit, spare }: Extract<ToMaker, { kind: 'make' }>): Promise<string | undefined> {
  setPriority(constants.priority.PRIORITY_LOW);
  const source = await openClip(clip, { threads: 1, ringBytes: RING_BYTES, ahead: 0 });
  try {
    const shelf = clipShelf(folder, limit);
    let written = await bytesIn(folder);
    let count = 0;
    maker = await ProxyMaker.over({
      source,
      shelf,
      made(index, bytes) {
        written += bytes;
        void send({ kind: 'made', index, bytes });
      },
      async full() {
        if (written > limit) return 'the cache of pictures for playing is full';
        if (count++ % LOOK_EVERY) return undefined;
        const { bavail, bsize } = await statfs(folder);
        return bavail * bsize < spare ? 'the disk is nearly full' : undefined;
      },
    });
    for (const message of before) take(message);
    return await maker.run();
  } finally {
    await source.close();
  }
}

function take(message: ToMaker): void {
  if (message.kind === 'make') return;
  if (!maker) before.push(message);
  else if (message.kind === 'pause') maker.pause();
  else if (message.kind === 'resume') maker.resume();
  else if (message.kind === 'aim') maker.aim(message.index);
  else maker.skip(message.index);
}

process.on('message', (message: ToMaker) => {
  if (message.kind !== 'make') return take(message);
  void make(message)
    .catch((error: unknown) => `pictures for playing cannot be kept: ${reasonOf(error)}`)
    .then(async (reason) => {
      await send(reason === undefined ? { kind: 'ended' } : { kind: 'ended', reason });
      process.exit(0);
    });
});
process.on('disconnect', () => process.exit(0));
// Keys of the terminal reach the whole group; the server decides when this process ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
