import { createHash } from 'node:crypto';
import { appendFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RotokitError, reasonOf } from '@rotokit/core/values';
import type { DeliveredFrame, Delivery, ExportJob } from './deliverable.js';

/** Turns a frame into the files it consists of: path relative to the export's folder, and bytes. */
export type EncodeFrame = (frame: DeliveredFrame) => Promise<readonly (readonly [path: string, bytes: Uint8Array])[]>;

/**
 * A format of one or more files per frame. Each file appears under its name only when it is complete (written beside,
 * flushed, renamed), and a journal keeps which masks it was made from, so that an interrupted export goes on where it
 * stopped and a frame that was tracked again is written again.
 */
export async function frameFiles(job: ExportJob, format: string, encode: EncodeFrame): Promise<Delivery> {
  const journalPath = join(job.folder, `.${job.shot}.${format}.journal`);
  await mkdir(job.folder, { recursive: true }).catch((e: unknown) => writeFailed(job.folder, e));
  const journal = await readJournal(journalPath);
  const files: string[] = [];
  return {
    async has(frame) {
      const entry = journal.get(frame.number);
      if (entry?.digest !== frameDigest(job, frame)) return false;
      for (const { path, bytes } of entry.files) {
        const found = await stat(join(job.folder, path)).catch(() => undefined);
        if (found?.size !== bytes) return false;
      }
      files.push(...entry.files.map((f) => join(job.folder, f.path)));
      return true;
    },
    async write(frame) {
      const made = await encode(frame);
      for (const [path, bytes] of made) await writeWhole(join(job.folder, path), bytes);
      files.push(...made.map(([path]) => join(job.folder, path)));
      const entry: JournalEntry = {
        frame: frame.number,
        digest: frameDigest(job, frame),
        files: made.map(([path, bytes]) => ({ path, bytes: bytes.length })),
      };
      await appendFile(journalPath, `${JSON.stringify(entry)}\n`).catch((e: unknown) => writeFailed(journalPath, e));
    },
    async close() {
      await rm(journalPath, { force: true });
      return files;
    },
    async abort() {},
  };
}

interface JournalEntry {
  readonly frame: number;
  readonly digest: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

async function readJournal(path: string): Promise<Map<number, JournalEntry>> {
  const entries = new Map<number, JournalEntry>();
  const text = await readFile(path, 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    try {
      const entry = JSON.parse(line) as JournalEntry;
      entries.set(entry.frame, entry);
    } catch {
      // The last line of a killed run may be torn: that frame is simply written again.
    }
  }
  return entries;
}

/** What a frame's files depend on: its masks, the objects' names, what is recorded with them. */
function frameDigest(job: ExportJob, frame: DeliveredFrame): string {
  const hash = createHash('sha256').update(
    JSON.stringify([job.objects, job.size, job.rate, job.provenance, frame.number]),
  );
  for (const { window, values } of frame.masks) {
    hash.update(JSON.stringify(window)).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}

const writeFailed = (path: string, error: unknown): never => {
  throw new RotokitError('WRITE_FAILED', { path, reason: reasonOf(error) }, error);
};

/** Writes a file so that it exists entirely or not at all. @throws RotokitError WRITE_FAILED. */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  const part = `${path}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(part, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    writeFailed(path, error);
  }
}
