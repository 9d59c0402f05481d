import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { encodeManifest, type ManifestFile } from '@rotokit/formats';
import type { Delivered, ExportJob } from './deliverable.js';
import type { Planned } from './earlier.js';
import { manifestPath } from './journal.js';
import { writeFailed, writeWhole } from './write-whole.js';

/** Writes `SHOT_FORMAT.manifest.json`: files, checksums, objects, choices, provenance. */
export async function writeManifest(
  job: ExportJob,
  { name, deliverable }: Planned,
  delivered: Delivered,
): Promise<void> {
  const bytes = encodeManifest({
    kind: name,
    clip: { path: job.clip.path, size: job.size, rate: job.rate },
    frames: { first: job.first, last: job.last },
    objects: job.objects.map((o, i) => ({ id: o.id, name: o.name, ...deliverable.locate?.(i) })),
    files: delivered.files,
    provenance: job.provenance,
    choices: deliverable.choices,
    ...(delivered.made ? { made: delivered.made } : {}),
  });
  await writeWhole(manifestPath(job.folder, job.shot, name), bytes);
}

/** What a manifest says of a file for the whole range, from the file itself. @throws RotokitError WRITE_FAILED. */
export async function deliveredFile(job: ExportJob, path: string): Promise<ManifestFile> {
  return {
    path: relative(job.folder, path).split(sep).join('/'),
    frames: { first: job.first, last: job.last },
    ...(await fileFacts(path).catch((e: unknown) => writeFailed(path, e))),
  };
}

/** Length and checksum of a file, read in pieces. */
export async function fileFacts(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

/** The absolute or given path of a file of an export. */
export const pathIn = (job: ExportJob, file: { readonly path: string }): string => join(job.folder, file.path);
