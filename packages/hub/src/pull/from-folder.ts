import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import type { PullEvent } from '@rotokit/core/ports';
import { RotokitError, reasonOf } from '@rotokit/core/values';
import { sizeOf } from '../disk/digest.js';
import type { Job } from './job.js';
import { dropPart, Part } from './part.js';
import { corrupt } from './refusals.js';

const CHUNK = 4 * 1024 * 1024;

/**
 * The bytes of a `.safetensors` file, piece by piece, that holds the tensors of a checkpoint of torch (`path`), the same ones for the same file. Throws where the
 * file is no such checkpoint.
 */
export type ConvertCheckpoint = (path: string, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** What a folder may hold of a model, and whether it has to be converted. */
interface Candidate {
  readonly name: string;
  readonly checkpoint: boolean;
}

const isCheckpointName = (name: string) => /\.(pt|pth)$/i.test(name);

/** The names under which a folder may hold a file of a model, in the order they are tried. */
function namesIn({ card, file }: Pick<Job, 'card' | 'file'>, checkpoints: boolean): readonly Candidate[] {
  const repository = card.repository.split('/');
  const names = [
    join(card.name, file.name),
    join(...repository, file.name),
    join(repository.at(-1)!, file.name),
    `${card.name}-${file.name}`,
    `${card.name}${file.name.slice(file.name.lastIndexOf('.'))}`,
    file.name,
  ];
  const { checkpoint } = file;
  const others = checkpoints && checkpoint ? [checkpoint, join(card.name, checkpoint), `${card.name}.pt`] : [];
  return [
    ...names.map((name) => ({ name, checkpoint: false })),
    ...[...new Set(others)].map((name) => ({ name, checkpoint: true })),
  ];
}

/** The file that was meant: `from` itself, or what it holds. @throws RotokitError MODEL_NOT_IN_FOLDER. */
async function findIn(job: Pick<Job, 'card' | 'file'>, from: string, checkpoints: boolean) {
  const itself = await sizeOf(from);
  if (itself !== undefined) return { path: from, size: itself, checkpoint: checkpoints && isCheckpointName(from) };
  const candidates = namesIn(job, checkpoints);
  for (const { name, checkpoint } of candidates) {
    const path = join(from, name);
    const size = await sizeOf(path);
    if (size !== undefined) return { path, size, checkpoint };
  }
  throw new RotokitError('MODEL_NOT_IN_FOLDER', {
    folder: from,
    file: job.file.name,
    model: job.card.name,
    names: candidates.map((c) => c.name).join(', or '),
  });
}

/**
 * Copies a file from a folder of the user's, or the one file that was named, into its part; a checkpoint of torch is converted on the way. Returns whether
 * it was one.
 * @throws RotokitError MODEL_NOT_IN_FOLDER; MODEL_CORRUPT for a checkpoint that holds anything but tensors.
 */
export async function* copyPart(
  job: Pick<Job, 'card' | 'file' | 'place' | 'signal'>,
  from: string,
  convert?: ConvertCheckpoint,
): AsyncGenerator<PullEvent, boolean> {
  const { file, place, signal } = job;
  const { path, size, checkpoint } = await findIn(job, from, convert !== undefined);
  await dropPart(place);
  const part = await Part.open(place, {});
  try {
    const pieces =
      checkpoint && convert
        ? converted(job, path, convert)
        : (createReadStream(path, { highWaterMark: CHUNK, signal }) as AsyncIterable<Uint8Array>);
    for await (const chunk of pieces) {
      await part.append(chunk);
      yield { kind: 'progress', file: file.name, bytes: part.size, total: checkpoint ? undefined : size, resumed: 0 };
    }
  } catch (e) {
    signal.throwIfAborted();
    throw e;
  } finally {
    await part.close();
  }
  return checkpoint;
}

async function* converted(
  job: Pick<Job, 'card' | 'file' | 'signal' | 'place'>,
  path: string,
  convert: ConvertCheckpoint,
): AsyncGenerator<Uint8Array> {
  try {
    yield* convert(path, job.signal);
  } catch (e) {
    job.signal.throwIfAborted();
    await dropPart(job.place);
    const remedy = `Nothing of it was run. Take the publisher's own file, or one in .safetensors format.`;
    throw corrupt(
      { card: job.card, file: { name: basename(path) } },
      'it must be',
      'a checkpoint of torch with tensors only',
      reasonOf(e),
      remedy,
    );
  }
}
