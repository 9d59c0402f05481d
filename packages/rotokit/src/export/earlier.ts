import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRotokitError, RotokitError } from '@rotokit/core/values';
import { decodeManifest, type Manifest } from '@rotokit/formats';
import type { Deliverable, DeliverableName, EarlierFrame, EarlierFrames, ExportJob } from './deliverable.js';
import { journalPath, manifestPath, readJournal } from './journal.js';
import { PART } from './write-whole.js';

/** What makes two runs the same export: everything but the masks and how they were tracked. */
interface ExportFacts {
  readonly kind: string;
  readonly clip: string;
  readonly size: string;
  readonly rate: string;
  readonly frames: string;
  readonly objects: string;
  readonly choices: string;
  readonly files: string;
}

const listed = (paths: readonly string[]) =>
  createHash('sha256')
    .update(JSON.stringify([...paths].sort()))
    .digest('hex');
const sorted = (record: Readonly<Record<string, unknown>>) => JSON.stringify(Object.entries(record).sort());

function factsOf(
  kind: string,
  m: Pick<Manifest, 'clip' | 'frames' | 'objects' | 'choices'>,
  paths: readonly string[],
): ExportFacts {
  return {
    kind,
    clip: basename(m.clip.path),
    size: `${m.clip.size.width}x${m.clip.size.height}`,
    rate: `${m.clip.rate.num}/${m.clip.rate.den}`,
    frames: `${m.frames.first}-${m.frames.last}`,
    objects: m.objects.map((o) => o.name).join(', '),
    choices: sorted(m.choices ?? {}),
    files: listed(paths),
  };
}

const identityOf = (facts: ExportFacts) =>
  createHash('sha256')
    .update(sorted({ ...facts }))
    .digest('hex');

/** A format about to be written. */
export interface Planned {
  readonly name: DeliverableName;
  readonly deliverable: Deliverable;
}

/**
 * Looks at the folder before the first byte is written: finds what earlier runs of the same export left, and refuses to mix it with another one:
 * other objects, frames, choices or names under the same manifest, files of unknown making under names that are to be written, or foreign pictures in a
 * folder of frames.
 *
 * @param replace takes away what earlier exports of these formats say they left, instead of refusing.
 * @throws RotokitError EXPORT_REFUSED.
 */
export async function earlierRuns(
  job: ExportJob,
  planned: readonly Planned[],
  replace: boolean,
): Promise<ReadonlyMap<DeliverableName, EarlierFrames>> {
  const found = new Map<DeliverableName, EarlierFrames>();
  const ours = new Set(planned.flatMap((p) => p.deliverable.files.map((f) => f.path)));
  const stale: string[] = [];
  for (const plan of planned) {
    const earlier = await earlierRun(job, plan, replace, stale);
    found.set(plan.name, earlier);
    if (!replace && !earlier.finished && earlier.frames.size === 0 && !(await hasJournal(job, plan)))
      await refuseUnknown(job, plan);
  }
  const gone = new Set(stale.filter((path) => !ours.has(path)));
  for (const folder of sequenceFolders(planned)) await refuseForeign(job, folder, ours, gone);
  for (const path of gone) await rm(join(job.folder, path), { force: true }).catch(() => {});
  return found;
}

const hasJournal = async (job: ExportJob, { name }: Planned) =>
  (await readJournal(journalPath(job.folder, job.shot, name))) !== undefined;

const mixed = (job: ExportJob, reason: string): never => {
  throw new RotokitError('EXPORT_REFUSED', {
    what: `${job.shot} to ${job.folder}`,
    reason,
    remedy: 'Choose another folder, or say --replace to do away with the earlier export.',
  });
};

async function earlierRun(job: ExportJob, plan: Planned, replace: boolean, stale: string[]): Promise<EarlierFrames> {
  const { name, deliverable } = plan;
  const { path, ...clip } = { path: job.clip.path, size: job.size, rate: job.rate };
  const facts = factsOf(
    name,
    {
      clip: { path, ...clip },
      frames: { first: job.first, last: job.last },
      objects: job.objects.map((o) => ({ id: o.id, name: o.name })),
      choices: deliverable.choices,
    },
    deliverable.files.map((f) => f.path),
  );
  const identity = identityOf(facts);
  const none: EarlierFrames = { frames: new Map(), finished: false, identity };
  const journal = await readJournal(journalPath(job.folder, job.shot, name));
  if (journal) {
    if (journal.identity === identity) return { frames: journal.frames, finished: false, identity };
    if (!replace) mixed(job, `an export of ${name} with other objects, frames or choices was begun there`);
    stale.push(...[...journal.frames.values()].flatMap((f) => f.files.map((file) => file.path)));
  }
  const manifest = await readManifest(manifestPath(job.folder, job.shot, name), replace);
  if (!manifest) return none;
  const theirs = factsOf(
    manifest.kind,
    manifest,
    manifest.files.map((f) => f.path),
  );
  if (identityOf(theirs) === identity && !journal) return { frames: framesOf(manifest), finished: true, identity };
  if (!replace) mixed(job, `it holds another export of ${name}: ${difference(facts, theirs)}`);
  stale.push(...manifest.files.map((f) => f.path));
  return { ...none, finished: true };
}

async function readManifest(path: string, replace: boolean): Promise<Manifest | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return undefined;
  try {
    return decodeManifest(bytes, { name: path });
  } catch (error) {
    if (replace && isRotokitError(error)) return undefined;
    throw error;
  }
}

function difference(ours: ExportFacts, theirs: ExportFacts): string {
  const keys = ['clip', 'size', 'rate', 'frames', 'objects', 'choices'] as const;
  const differ = keys.filter((k) => ours[k] !== theirs[k]);
  return differ.length ? differ.map((k) => `${k} ${theirs[k]} instead of ${ours[k]}`).join('; ') : 'other file names';
}

function framesOf(manifest: Manifest): Map<number, EarlierFrame> {
  const files = new Map<number, EarlierFrame['files'][number][]>();
  for (const { path, bytes, sha256, frames } of manifest.files) {
    if (frames.first !== frames.last) continue;
    const known = files.get(frames.first);
    if (known) known.push({ path, bytes, sha256 });
    else files.set(frames.first, [{ path, bytes, sha256 }]);
  }
  return new Map(
    Object.entries(manifest.made ?? {}).map(([frame, digest]) => {
      const number = Number(frame);
      return [number, { digest, files: files.get(number) ?? [] }];
    }),
  );
}

/** Without manifest and journal, a file under a name that is to be written belongs to somebody else. */
async function refuseUnknown(job: ExportJob, { name, deliverable }: Planned): Promise<void> {
  const folders = new Map<string, Set<string>>();
  for (const { path } of deliverable.files) {
    const folder = dirname(path);
    if (!folders.has(folder)) folders.set(folder, new Set(await readdir(join(job.folder, folder)).catch(() => [])));
    if (folders.get(folder)?.has(basename(path)))
      mixed(job, `it has a file ${path} of which no manifest of ${name} tells`);
  }
}

/** Folders that hold pictures of frames, and the extensions of those. */
function sequenceFolders(planned: readonly Planned[]): [string, Set<string>][] {
  const folders = new Map<string, Set<string>>();
  for (const { deliverable } of planned) {
    if (!deliverable.sequence) continue;
    for (const { path, first, last } of deliverable.files) {
      if (first !== last) continue;
      const known = folders.get(dirname(path)) ?? new Set<string>();
      folders.set(dirname(path), known.add(extensionOf(path)));
    }
  }
  return [...folders];
}

const extensionOf = (path: string) => path.slice(path.lastIndexOf('.'));

async function refuseForeign(
  job: ExportJob,
  [folder, extensions]: [string, Set<string>],
  ours: ReadonlySet<string>,
  gone: ReadonlySet<string>,
): Promise<void> {
  for (const name of await readdir(join(job.folder, folder)).catch(() => [])) {
    const path = folder === '.' ? name : `${folder}/${name}`;
    const picture = extensions.has(extensionOf(name)) && /\d/.test(name) && !name.endsWith(PART);
    if (picture && !ours.has(path) && !gone.has(path)) mixed(job, `${path} is a picture of another export`);
  }
}
