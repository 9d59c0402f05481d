import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ClipInfo } from '@rotokit/core/ports';
import { encodeManifest, type ManifestFile } from '@rotokit/formats';
import type { DeliverableName, ExportJob } from './deliverable.js';
import { writeWhole } from './frame-files.js';

/** Writes `SHOT_FORMAT.manifest.json` for each format: files, checksums, objects, provenance. */
export async function writeManifest(
  job: ExportJob,
  clip: ClipInfo,
  files: Readonly<Partial<Record<DeliverableName, readonly string[]>>>,
): Promise<void> {
  const frames = { first: job.first, last: job.last };
  for (const [kind, paths] of Object.entries(files)) {
    const listed: ManifestFile[] = [];
    for (const path of paths) listed.push(await fileOf(job, path));
    const objects = job.objects.map((o, i) => ({
      id: o.id,
      name: o.name,
      ...(kind === 'exr' ? { channel: `${o.fileName}.A` } : {}),
      ...(kind === 'davis' ? { label: i + 1 } : {}),
    }));
    const { path, size, rate } = clip;
    const bytes = encodeManifest({
      kind,
      clip: { path, size, rate },
      frames,
      objects,
      files: listed,
      provenance: job.provenance,
    });
    await writeWhole(join(job.folder, `${job.shot}_${kind}.manifest.json`), bytes);
  }
}

async function fileOf(job: ExportJob, path: string): Promise<ManifestFile> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const name = relative(job.folder, path).split(sep).join('/');
  return { path: name, frames: framesIn(job, name), bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

/** A file that carries its frame's number holds that frame; a movie or a sheet stands for the whole range. */
function framesIn(job: ExportJob, name: string): ManifestFile['frames'] {
  const davis = /^davis\/(\d+)\.png$/.exec(name);
  const shown = davis ? Number(davis[1]) + job.first : Number(/\.(-?\d+)\.(?:exr|png)$/.exec(name)?.[1] ?? Number.NaN);
  return Number.isNaN(shown) ? { first: job.first, last: job.last } : { first: shown, last: shown };
}
