import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ModelCard, ModelFile, PullEvent } from '@rotokit/core/ports';
import { RotokitError } from '@rotokit/core/values';
import { digestOf, sizeOf } from '../disk/digest.js';
import { heldTo, type Pin, readPins, writePin } from '../disk/pins.js';
import type { Place } from '../disk/places.js';
import { whyNotSafetensors } from '../disk/whole-safetensors.js';
import { announce } from './announce.js';
import { isWriting } from './attempts.js';
import { type Expectation, expectationOf } from './expect.js';
import { fetchPart } from './fetch-part.js';
import { type ConvertCheckpoint, copyPart } from './from-folder.js';
import type { Job, SourceSettings } from './job.js';
import { dropPart } from './part.js';
import { corrupt } from './refusals.js';
import { takeTurn } from './take-turn.js';

/** One file to bring, and where from. */
export interface FileOrder {
  readonly card: ModelCard;
  readonly file: ModelFile;
  readonly place: Place;
  readonly pins: string;
  readonly source: SourceSettings;
  /** A folder or a file to take it from instead of the source. */
  readonly from?: string;
  /** How checkpoints of torch become what is kept; without it they are not looked for. */
  readonly convert?: ConvertCheckpoint;
  readonly signal: AbortSignal;
}

/** The key of a file among the pins. */
export const pinKey = (card: ModelCard, file: ModelFile): string => `${card.name}/${file.name}`;

/**
 * Brings one file here: takes turns with other processes, downloads or copies, verifies, pins the digest, and only then gives the file its name.
 * @throws RotokitError as `ModelHub.pull`.
 */
export async function* pullFile(order: FileOrder): AsyncGenerator<PullEvent> {
  const { file, place, signal } = order;
  try {
    if (yield* isHere(order)) return;
    await mkdir(place.folder, { recursive: true });
    const turn = yield* takeTurn(place, file.name, signal);
    try {
      if (yield* isHere(order)) return;
      yield* bring(order);
      if (!(await turn.held())) throw new Error('another process took over the download');
      await rename(place.part, place.file);
      await rm(place.partFacts, { force: true });
      await syncFolder(dirname(place.file));
      yield { kind: 'done', file: file.name, bytes: (await sizeOf(place.file)) ?? 0 };
    } finally {
      await turn.release();
    }
  } catch (e) {
    if (isWriting(e)) throw new RotokitError('WRITE_FAILED', { path: e.path ?? place.part, reason: e.message }, e);
    throw e;
  }
}

/** Whether the file is here and pinned already. */
async function* isHere({ card, file, place, pins }: FileOrder): AsyncGenerator<PullEvent, boolean> {
  const pin = (await readPins(pins))[pinKey(card, file)];
  if (!pin || (await sizeOf(place.file)) !== pin.bytes) return false;
  yield { kind: 'have', file: file.name, bytes: pin.bytes };
  return true;
}

/** Makes the part whole, right and pinned. A part that was taken up and turned out wrong is fetched once more from its beginning. */
async function* bring(order: FileOrder): AsyncGenerator<PullEvent> {
  const { card, file, place, pins, from } = order;
  const pin = (await readPins(pins))[pinKey(card, file)];
  if (from !== undefined) {
    const converted = yield* copyPart(order, from, order.convert);
    const earlier = heldTo(pin, converted);
    const publisher = converted ? heldTo(pin, false) : undefined;
    const note = converted ? ({ converted, ...(publisher ? { publisher } : {}) } as const) : {};
    yield* settle(order, expectationOf(order, earlier, {}, pins), note);
    return;
  }
  const job: Job = order;
  const expected = expectationOf(job, heldTo(pin, false), yield* announce(job), pins);
  await adopt(place, expected);
  for (;;) {
    const resumed = yield* fetchPart(job, expected);
    try {
      yield* settle(order, expected);
      return;
    } catch (e) {
      if (!resumed || !(e instanceof RotokitError)) throw e;
      yield { kind: 'retry', file: file.name, attempt: 2, reason: 'what an earlier pull had left does not fit' };
    }
  }
}

/** A file that is under its final name without a pin (the lock file was lost) becomes the part, to be judged like one. */
async function adopt(place: Place, expected: Expectation): Promise<void> {
  if (!expected.sha256 || (await sizeOf(place.file)) === undefined) return;
  if ((await digestOf(place.file)) !== expected.sha256) return;
  await dropPart(place);
  await rename(place.file, place.part);
  const file = await open(place.partFacts, 'w');
  await file.writeFile(JSON.stringify({ sha256: expected.sha256 })).finally(() => file.close());
}

/** Verifies a whole part and pins it; a wrong one is deleted. */
async function* settle(
  order: FileOrder,
  expected: Expectation,
  note: Pick<Pin, 'converted' | 'publisher'> = {},
): AsyncGenerator<PullEvent> {
  const { card, file, place, pins, signal, from } = order;
  const bytes = (await sizeOf(place.part)) ?? 0;
  yield { kind: 'verify', file: file.name, bytes };
  const sha256 = await digestOf(place.part, signal);
  try {
    const remedy =
      from === undefined
        ? 'It was deleted. Pull it again; if that does not help, the source is at fault: take another with ROTOKIT_HUB or `--from DIR`.'
        : `The copy was deleted. Look for another file in ${from}.`;
    if (expected.bytes !== undefined && bytes !== expected.bytes)
      throw corrupt(order, 'its size in bytes must be', expected.bytes, bytes, remedy);
    if (expected.sha256 && sha256 !== expected.sha256)
      throw corrupt(order, 'its sha256 must be', expected.sha256, sha256, remedy);
    const reason = file.name.endsWith('.safetensors') ? await whyNotSafetensors(place.part) : undefined;
    if (reason) throw corrupt(order, 'it must be', 'a whole .safetensors file', `that ${reason}`, remedy);
  } catch (e) {
    await dropPart(place);
    throw e;
  }
  const pin: Pin = {
    sha256,
    bytes,
    trust: expected.trust,
    ...(expected.commit ? { commit: expected.commit } : {}),
    ...note,
  };
  await writePin(pins, pinKey(card, file), pin);
}

/** Makes a rename outlive a power cut, where the system lets one. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
