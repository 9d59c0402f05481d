import { createHash } from 'node:crypto';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SoftMask } from '@rotokit/core/values';
import type { DeliveredFrame, EarlierFrame, EarlierFrames, ExportJob, FormatChoices } from './deliverable.js';
import { writeFailed, writeWhole } from './write-whole.js';

/** What a run keeps of its frames until its manifest is written: a line for the export, then one for each finished frame. */
export const journalPath = (folder: string, shot: string, format: string): string =>
  join(folder, `.${shot}.${format}.journal`);

/** Where the manifest of a format lies. */
export const manifestPath = (folder: string, shot: string, format: string): string =>
  join(folder, `${shot}_${format}.manifest.json`);

/** A journal as it was found. */
export interface ReadJournal {
  readonly identity: string;
  readonly frames: Map<number, EarlierFrame>;
}

/** Reads a journal; undefined where there is none, or none whose first line is whole. */
export async function readJournal(path: string): Promise<ReadJournal | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [head, ...lines] = text.split('\n').map(parsed);
  if (typeof head?.export !== 'string') return undefined;
  const frames = new Map<number, EarlierFrame>();
  for (const line of lines)
    if (typeof line?.frame === 'number' && typeof line.digest === 'string' && Array.isArray(line.files))
      frames.set(line.frame, line as unknown as EarlierFrame);
  return { identity: head.export, frames };
}

/** The last line of a killed run may be torn: that frame is simply written again. */
function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The frames of a format while it is written, safe on disk line by line. */
export class Journal {
  readonly frames: Map<number, EarlierFrame>;
  readonly #path: string;
  readonly #manifest: string;
  readonly #earlier: EarlierFrames;
  #begun = false;

  constructor(job: ExportJob, format: string, earlier: EarlierFrames) {
    this.frames = new Map(earlier.frames);
    this.#path = journalPath(job.folder, job.shot, format);
    this.#manifest = manifestPath(job.folder, job.shot, format);
    this.#earlier = earlier;
  }

  /**
   * Says that files are about to change: from here on there is a journal and no manifest, so that nobody takes a half-changed folder for a finished
   * export.
   */
  async begin(): Promise<void> {
    if (this.#begun) return;
    const lines = [{ export: this.#earlier.identity }, ...[...this.frames].map(([frame, e]) => ({ frame, ...e }))];
    await writeWhole(this.#path, lines.map((l) => `${JSON.stringify(l)}\n`).join(''));
    await rm(this.#manifest, { force: true }).catch((e: unknown) => writeFailed(this.#manifest, e));
    this.#begun = true;
  }

  /** Notes a frame whose files are on disk. */
  async add(frame: number, entry: EarlierFrame): Promise<void> {
    await appendFile(this.#path, `${JSON.stringify({ frame, ...entry })}\n`).catch((e: unknown) =>
      writeFailed(this.#path, e),
    );
    this.frames.set(frame, entry);
  }

  /** Takes the journal away, once the manifest says the same. */
  async end(): Promise<void> {
    await rm(this.#path, { force: true }).catch(() => {});
  }
}

const hashed = new WeakMap<DeliveredFrame, string>();

/** A digest of a frame's masks; made once however many formats ask. */
function masksDigest(frame: DeliveredFrame): string {
  const known = hashed.get(frame);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const { window, values } of frame.masks as readonly SoftMask[])
    hash.update(JSON.stringify(window)).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const digest = hash.digest('hex');
  hashed.set(frame, digest);
  return digest;
}

/** What a frame's files depend on: its masks, the objects' names, the format's choices, and what is recorded with them. */
export function frameDigest(job: ExportJob, choices: FormatChoices, frame: DeliveredFrame): string {
  const { objects, size, rate, provenance } = job;
  const named = objects.map(({ name, fileName, colour }) => ({ name, fileName, colour }));
  return createHash('sha256')
    .update(JSON.stringify([named, size, rate, provenance, choices, frame.number]))
    .update(masksDigest(frame))
    .digest('hex');
}

/** The SHA-256 of bytes in lower-case hexadecimal. */
export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
