import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { RotokitError, reasonOf, type SoftMask, sameSize } from '@rotokit/core/values';
import { type Dataset, readCoco, readCvat, readMots, readYoutubeVis } from '@rotokit/formats';
import type { ShownRange } from '../library/frames.js';
import type { Roto } from '../library/roto.js';
import { masksInPicture, PICTURES } from './picture-masks.js';

/** Which masks come in. */
export interface ImportChoices extends ShownRange {
  /** What an object without a name is called; the folder's or the file's name otherwise. With a name, only the object called so comes in. */
  readonly object?: string;
  /** Takes every n-th frame only, and leaves the others to the tracker. */
  readonly every?: number;
  readonly signal?: AbortSignal;
}

/** A mask that became an anchor. */
export interface ImportedMask {
  readonly object: string;
  readonly frame: number;
}

interface FoundMask extends ImportedMask {
  readonly mask: SoftMask;
}

/**
 * Brings masks in as anchors: a folder or a picture of EXR (mattes, parts, Cryptomatte), PNG, TIFF, DPX, DAVIS, MOTS or LabelMe, or a file of COCO, YouTube-VIS, MOTS
 * or CVAT. Pictures go to the frames that their names number; where those are not the clip's, and in data sets, the first is the clip's first. Yields each anchor once
 * it is in the project; each is one step of the history.
 * @throws RotokitError MASK_UNREADABLE, and as the readers.
 */
export async function* importMasks(
  roto: Roto,
  path: string,
  choices: ImportChoices = {},
): AsyncGenerator<ImportedMask> {
  const { first, last } = { first: choices.first ?? roto.numbers.first, last: choices.last ?? roto.numbers.last };
  const every = choices.every ?? 1;
  if (!Number.isSafeInteger(every) || every < 1)
    throw new RangeError(`every must be a whole number from 1 on, got ${every}`);
  let any = false;
  for await (const { object, frame, mask } of foundMasks(roto, path, choices)) {
    choices.signal?.throwIfAborted();
    if (frame < first || frame > last || (frame - first) % every) continue;
    if (!sameSize(mask.size, roto.clip.size))
      refuse(
        path,
        `${object} on frame ${frame} is ${mask.size.width}x${mask.size.height}, the clip is ${roto.clip.size.width}x${roto.clip.size.height}`,
      );
    await roto.object(object).mask(frame, mask);
    any = true;
    yield { object, frame };
  }
  if (!any) refuse(path, 'it has no mask for a frame of the clip');
}

const refuse = (path: string, reason: string, cause?: unknown): never => {
  throw new RotokitError('MASK_UNREADABLE', { path, reason }, cause);
};

async function* foundMasks(roto: Roto, path: string, choices: ImportChoices): AsyncGenerator<FoundMask> {
  const facts = await stat(path).catch((e: unknown) => refuse(path, reasonOf(e), e));
  const name = (own: string) => own || choices.object || basename(path, extname(path));
  const wanted = (object: string) => choices.object === undefined || object === choices.object;
  const data = facts.isDirectory() ? undefined : await readDataset(path, roto);
  if (data) {
    for (const track of data.tracks.filter((t) => wanted(t.name)))
      for (const f of track.frames) yield { object: track.name, frame: roto.numbers.first + f, mask: track.mask(f) };
    return;
  }
  const files = facts.isDirectory() ? await numberedPictures(path, roto) : [[roto.numbers.first, path] as const];
  for (const [frame, file] of files) {
    const sidecar = (at: string) => readSidecar(join(dirname(file), at));
    for (const [own, mask] of masksInPicture(await readFile(file), file, sidecar))
      if (own === '' || wanted(own)) yield { object: name(own), frame, mask };
  }
}

const readSidecar = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** The data set in a file; undefined where it is a picture. */
async function readDataset(path: string, roto: Roto): Promise<Dataset | undefined> {
  const { width, height } = roto.clip.size;
  const options = { name: path, maxPixels: width * height };
  const extension = extname(path).toLowerCase();
  if (extension === '.xml') return readCvat(await readFile(path), options);
  if (extension === '.txt') return readMots(await readFile(path), options);
  if (extension !== '.json') return undefined;
  const bytes = await readFile(path);
  const text = new TextDecoder().decode(bytes);
  if (/"videos"\s*:/.test(text)) return readYoutubeVis(bytes, options);
  return /"shapes"\s*:/.test(text) ? undefined : readCoco(bytes, options);
}

/** The pictures of a folder with the frames they are for, in order. */
async function numberedPictures(folder: string, roto: Roto): Promise<(readonly [frame: number, path: string])[]> {
  const numbered = (await readdir(folder))
    .filter((n) => (PICTURES as readonly string[]).includes(extname(n).toLowerCase()))
    .map((n) => [Number(/(-?\d+)\.[^.]+$/.exec(n)?.[1] ?? Number.NaN), join(folder, n)] as const)
    .filter(([n]) => !Number.isNaN(n))
    .sort(([a], [b]) => a - b);
  const [start] = numbered[0] ?? [];
  if (start === undefined) return refuse(folder, 'it has no numbered pictures');
  const shown = numbered.every(([n]) => n >= roto.numbers.first && n <= roto.numbers.last);
  return numbered.map(([n, path]) => [shown ? n : n - start + roto.numbers.first, path] as const);
}
