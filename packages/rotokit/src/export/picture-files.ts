import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MASK_HALF, MASK_ONE, maskAt, RotokitError, reasonOf, type SoftMask } from '@rotokit/core/values';
import type {
  Deliverable,
  DeliverableName,
  DeliveredFrame,
  Delivery,
  EarlierFrames,
  ExportJob,
  FormatChoices,
  PlannedFile,
} from './deliverable.js';
import { frameDigest, Journal, sha256 } from './journal.js';
import { namePath } from './naming.js';
import { writeFailed, writeWhole } from './write-whole.js';

/** How much of a mask a format holds: the most that a value may be off of 65535, or only on which side of one half it is. */
export type Precision = number | 'side of one half';

/** A format of one file a frame, or one for each object and frame. */
export interface PictureFormat {
  readonly name: DeliverableName;
  readonly ext: string;
  readonly per: 'frame' | 'object';
  /** Where its files go when nobody says otherwise; see `Naming.template`, which may replace it where `named` is true. */
  readonly template: string;
  readonly renamed: boolean;
  /** What `{object}` is where a file holds all objects. */
  readonly stem?: string;
  /** How frames are numbered in names, where the data set wants it its way: counted from 0 with so many digits. */
  readonly counted?: number;
  readonly choices: FormatChoices;
  /** The bytes of a frame's files: one, or one for each object in their order. */
  encode(frame: DeliveredFrame): Promise<readonly Uint8Array[]>;
  /** The masks in a frame's files, in the order of the objects. */
  decode(files: readonly Uint8Array[], frame: DeliveredFrame): readonly SoftMask[];
  /** What `decode` is to give, where that is not the frame's masks as they are. */
  expected?(frame: DeliveredFrame): readonly SoftMask[];
  readonly precision: Precision;
  locate?(object: number): { readonly channel?: string; readonly label?: number };
  /** Files of the whole export beside the pictures. */
  readonly beside?: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

/**
 * A format of pictures. Each file appears under its name only when it is complete (written beside, flushed, renamed), and a journal keeps
 * which masks it was made from, so that an interrupted export goes on where it stopped, a frame that was tracked again is written again, and one
 * that is the same is not.
 */
export function pictureFiles(job: ExportJob, format: PictureFormat): Deliverable {
  const pathsOf = (number: number) => picturePaths(job, format, number);
  const files: PlannedFile[] = [];
  for (let f = job.first as number; f <= job.last; f++)
    for (const path of pathsOf(f)) files.push({ path, first: f, last: f });
  for (const { path } of format.beside ?? []) files.push({ path, first: job.first, last: job.last });
  return {
    files,
    choices: format.choices,
    sequence: true,
    ...(format.locate ? { locate: (object: number) => format.locate?.(object) ?? {} } : {}),
    open: (earlier) => openPictures(job, format, pathsOf, earlier),
  };
}

/** The paths of a frame's files below the export's folder. */
function picturePaths(job: ExportJob, format: PictureFormat, number: number): string[] {
  const template = format.renamed ? (job.naming.template ?? format.template) : format.template;
  const frame =
    format.counted === undefined ? number + (job.naming.start ?? job.first) - job.first : number - job.first;
  const naming = format.counted === undefined ? job.naming : { ...job.naming, padding: format.counted };
  const names = format.per === 'frame' ? [format.stem ?? format.name] : job.objects.map((o) => o.fileName);
  return names.map((object) =>
    namePath(template, { shot: job.shot, object, format: format.name, ext: format.ext, frame }, naming),
  );
}

async function openPictures(
  job: ExportJob,
  format: PictureFormat,
  pathsOf: (number: number) => string[],
  earlier: EarlierFrames,
): Promise<Delivery> {
  await mkdir(job.folder, { recursive: true }).catch((e: unknown) => writeFailed(job.folder, e));
  const journal = new Journal(job, format.name, earlier);
  return {
    async has(frame) {
      const entry = journal.frames.get(frame.number);
      if (entry?.digest !== frameDigest(job, format.choices, frame)) return false;
      for (const { path, bytes } of entry.files) {
        const found = await stat(join(job.folder, path)).catch(() => undefined);
        if (found?.size !== bytes) return false;
      }
      return true;
    },
    async write(frame) {
      const paths = pathsOf(frame.number);
      const made = await format.encode(frame);
      await journal.begin();
      for (const [i, bytes] of made.entries()) await writeWhole(join(job.folder, paths[i] as string), bytes);
      await journal.add(frame.number, {
        digest: frameDigest(job, format.choices, frame),
        files: made.map((bytes, i) => ({ path: paths[i] as string, bytes: bytes.length, sha256: sha256(bytes) })),
      });
    },
    async close() {
      for (const { path, bytes } of format.beside ?? []) await writeWhole(join(job.folder, path), bytes);
      const frames = [...journal.frames].filter(([f]) => f >= job.first && f <= job.last).sort(([a], [b]) => a - b);
      return {
        files: [
          ...frames.flatMap(([f, e]) =>
            e.files
              .filter((file) => !format.beside?.some((b) => b.path === file.path))
              .map((file) => ({ ...file, frames: { first: f, last: f } })),
          ),
          ...(format.beside ?? []).map(({ path, bytes }) => ({
            path,
            bytes: bytes.length,
            sha256: sha256(bytes),
            frames: { first: job.first, last: job.last },
          })),
        ],
        made: Object.fromEntries(frames.map(([f, e]) => [f, e.digest])),
      };
    },
    abort: async () => {},
    async verify(frame) {
      const paths = pathsOf(frame.number).map((p) => join(job.folder, p));
      const masks = await readBack(paths, (files) => format.decode(files, frame));
      compareMasks(paths, job, format.expected?.(frame) ?? frame.masks, masks, format.precision);
    },
  };
}

async function readBack(
  paths: readonly string[],
  decode: (files: readonly Uint8Array[]) => readonly SoftMask[],
): Promise<readonly SoftMask[]> {
  try {
    const files: Uint8Array[] = [];
    for (const path of paths) files.push(await readFile(path));
    return decode(files);
  } catch (error) {
    throw new RotokitError('WRITE_VERIFY_FAILED', { path: paths[0], reason: reasonOf(error) }, error);
  }
}

/** Compares masks that were read with those that were written. @throws RotokitError WRITE_VERIFY_FAILED. */
export function compareMasks(
  paths: readonly string[],
  job: ExportJob,
  expected: readonly SoftMask[],
  found: readonly (SoftMask | undefined)[],
  precision: Precision,
): void {
  expected.forEach((mask, i) => {
    const other = found[i];
    const off = other && firstDifference(mask, other, precision);
    if (other && !off) return;
    const reason = other ? `${job.objects[i]?.name} differs at ${off}` : `${job.objects[i]?.name} is not in it`;
    throw new RotokitError('WRITE_VERIFY_FAILED', { path: paths[paths.length > 1 ? i : 0], reason });
  });
}

/** Where two masks differ by more than is allowed, as `x,y`. */
function firstDifference(a: SoftMask, b: SoftMask, precision: Precision): string | undefined {
  if (a.size.width !== b.size.width || a.size.height !== b.size.height) return 'its size';
  const differ =
    precision === 'side of one half'
      ? (p: number, q: number) => p >= MASK_HALF !== q >= MASK_HALF
      : (p: number, q: number) => Math.abs(p - q) > precision * MASK_ONE;
  for (const [p, q] of [
    [a, b],
    [b, a],
  ] as const) {
    let k = 0;
    for (let y = p.window.y0; y < p.window.y1; y++)
      for (let x = p.window.x0; x < p.window.x1; x++, k++)
        if (differ(p.values[k] as number, maskAt(q, x, y))) return `${x},${y}`;
  }
  return undefined;
}
