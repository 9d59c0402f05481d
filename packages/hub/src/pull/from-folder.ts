import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { PullEvent } from '@rotokit/core/ports';
import { RotokitError } from '@rotokit/core/values';
import { sizeOf } from '../disk/digest.js';
import type { Job } from './job.js';
import { dropPart, Part } from './part.js';

const CHUNK = 4 * 1024 * 1024;

/** The names under which a folder may hold a file of a model, in the order they are tried. */
function namesIn({ card, file }: Pick<Job, 'card' | 'file'>): readonly string[] {
  const repository = card.repository.split('/');
  return [
    join(card.name, file.name),
    join(...repository, file.name),
    join(repository.at(-1)!, file.name),
    `${card.name}-${file.name}`,
    `${card.name}${file.name.slice(file.name.lastIndexOf('.'))}`,
    file.name,
  ];
}

/** Copies a file from a folder of the user's into its part. @throws RotokitError MODEL_NOT_IN_FOLDER. */
export async function* copyPart(
  job: Pick<Job, 'card' | 'file' | 'place' | 'signal'>,
  folder: string,
): AsyncGenerator<PullEvent> {
  const { card, file, place, signal } = job;
  const names = namesIn(job);
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))));
  const found = sizes.findIndex((size) => size !== undefined);
  if (found < 0)
    throw new RotokitError('MODEL_NOT_IN_FOLDER', {
      folder,
      file: file.name,
      model: card.name,
      names: names.join(', or '),
    });
  await dropPart(place);
  const part = await Part.open(place, {});
  try {
    const stream = createReadStream(join(folder, names[found]!), { highWaterMark: CHUNK, signal });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      await part.append(chunk);
      yield { kind: 'progress', file: file.name, bytes: part.size, total: sizes[found], resumed: 0 };
    }
  } catch (e) {
    signal.throwIfAborted();
    throw e;
  } finally {
    await part.close();
  }
}
