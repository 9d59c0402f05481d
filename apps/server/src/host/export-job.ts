import { mkdir, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExportChoices, Roto } from 'rotokit';
import type { ExportOutlook, ExportRequest, Job, SpaceEstimate } from '../api/index.js';
import type { OpenFolders } from '../projects/folders.js';
import type { JobPen } from './jobs.js';
import { failureOf } from './jobs.js';

/** A request without what the library does not know; the folder is absolute and was checked. */
function choicesOf({ formats: _f, folder: _d, ...choices }: ExportRequest): ExportChoices {
  const given = Object.entries(choices).filter(([, v]) => v !== undefined);
  return Object.fromEntries(given) as ExportChoices;
}

/** Writes deliverables. `stand` is where the history stands. */
export async function exportJob(
  roto: Roto,
  request: ExportRequest,
  folders: OpenFolders,
  pen: JobPen,
  stand: () => number,
): Promise<Partial<Job>> {
  const { formats, folder } = request;
  const before = stand();
  const notes = await notesOf(roto, request);
  const plan = await roto.planExport(formats, folder, choicesOf(request));
  await checkWays(folders, folder, Object.values(plan.files).flat());
  let done = 0;
  const choices: ExportChoices = {
    ...choicesOf(request),
    signal: pen.signal,
    onStart: (total) => pen.set({ total, notes }),
    onFrame: () => {
      done++;
      if (done % 4 === 0) pen.set({ done });
    },
  };
  await mkdir(folder, { recursive: true });
  const made = await roto.export(formats, folder, choices);
  if (stand() !== before) notes.push('the project was edited meanwhile: export again to have the edits in every frame');
  const files = Object.fromEntries(Object.entries(made.files).map(([name, paths]) => [name, [...paths]]));
  return { done: made.frames, total: made.frames, folder, files, notes };
}

/** Nothing that is to be written may lead out of the opened folders: no folder on the way, no file of that name. @throws PathRefused */
async function checkWays(folders: OpenFolders, folder: string, files: readonly { readonly path: string }[]) {
  const names = new Map<string, Set<string>>([['.', new Set()]]);
  for (const { path } of files) {
    const below = dirname(path);
    names.set(below, (names.get(below) ?? new Set()).add(path.slice(path.lastIndexOf('/') + 1)));
  }
  for (const [below, of] of names) {
    const real = await folders.writable(join(folder, below), folder);
    await folders.noWayOut(real, (name) => of.has(name) || of.has(name.replace(/\.part$/, '')) || below === '.');
  }
}

async function notesOf(roto: Roto, { first, last }: ExportRequest): Promise<string[]> {
  const stale = await roto.pending({ first, last });
  return stale ? [`${stale} masks are missing or older than an edit`] : [];
}

/** What an export would leave and what stands against it, before it is started. */
export async function exportOutlook(roto: Roto, request: ExportRequest): Promise<ExportOutlook> {
  const { formats, folder } = request;
  const { frames, files, kept, problems } = await roto.planExport(formats, folder, choicesOf(request));
  return {
    folder,
    frames,
    formats: formats.map((format) => {
      const all = files[format] ?? [];
      const names = (all.length > 3 ? [...all.slice(0, 2), ...all.slice(-1)] : all).map((f) => f.path);
      return { format, files: all.length, names, kept: kept[format] ?? 0 };
    }),
    problems: problems.map(failureOf),
    notes: await notesOf(roto, request),
  };
}

/** Frames that are encoded for an estimate. */
const SAMPLED = 5;

/**
 * How much room an export will take: one frame and then five, from the middle of the range, are really written to a folder that is thrown away; what
 * four more frames cost is what a frame costs. Compression makes the rest differ, so this is an estimate.
 * @throws RotokitError as the export would.
 */
export async function spaceEstimate(roto: Roto, request: ExportRequest): Promise<SpaceEstimate> {
  const { formats, folder } = request;
  const first = request.first ?? roto.numbers.first;
  const frames = (request.last ?? roto.numbers.last) - first + 1;
  const few = Math.min(frames, SAMPLED);
  const from = first + Math.floor((frames - few) / 2);
  const scratch = await mkdtemp(join(tmpdir(), 'rotokit-estimate-'));
  try {
    const sizes = async (count: number) => {
      const to = join(scratch, String(count));
      await mkdir(to);
      const { first: _f, last: _l, verify: _v, replace: _r, naming, ...choices } = choicesOf(request);
      const { start: _s, ...named } = naming ?? {};
      const range = { first: from, last: from + count - 1 };
      const made = await roto.export(formats, to, { ...choices, ...range, naming: named });
      return Promise.all(formats.map((f) => bytesOf(made.files[f] ?? [])));
    };
    const one = await sizes(1);
    const more = few > 1 ? await sizes(few) : one;
    const each = formats.map((format, i) => {
      const [a, b] = [one[i] as number, more[i] as number];
      const perFrame = few > 1 ? Math.max(0, (b - a) / (few - 1)) : 0;
      return { format, bytes: Math.round(b + perFrame * (frames - few)) };
    });
    return {
      bytes: each.reduce((n, f) => n + f.bytes, 0),
      formats: each,
      sampled: [from, from + few - 1],
      free: await freeAt(folder),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const bytesOf = async (files: readonly string[]): Promise<number> => {
  const sizes = await Promise.all(files.map((f) => stat(f).then((s) => s.size)));
  return sizes.reduce((n, s) => n + s, 0);
};

/** Bytes free where a folder is or will be. */
async function freeAt(folder: string): Promise<number> {
  const there = await readdir(folder).then(
    () => folder,
    () => undefined,
  );
  if (there === undefined) return dirname(folder) === folder ? 0 : freeAt(dirname(folder));
  const { bavail, bsize } = await statfs(there);
  return bavail * bsize;
}
