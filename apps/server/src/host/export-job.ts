import { mkdir } from 'node:fs/promises';
import type { ExportChoices, Roto } from 'rotokit';
import type { ExportRequest, Job } from '../api/index.js';
import type { JobPen } from './jobs.js';

/** Writes deliverables. The folder is absolute and was checked by the server. `stand` is where the history stands. */
export async function exportJob(
  roto: Roto,
  request: ExportRequest,
  pen: JobPen,
  stand: () => number,
): Promise<Partial<Job>> {
  const { first, last, formats, folder, objects, overlap, exr } = request;
  const before = stand();
  const stale = await roto.pending({ first, last });
  const notes = stale ? [`${stale} masks are missing or older than an edit`] : [];
  let done = 0;
  const choices = {
    first,
    last,
    signal: pen.signal,
    onStart: (total: number) => pen.set({ total, notes }),
    onFrame: () => {
      done++;
      if (done % 4 === 0) pen.set({ done });
    },
    ...(objects ? { objects } : {}),
    ...(overlap ? { overlap } : {}),
    ...(exr ? { exr } : {}),
  };
  await mkdir(folder, { recursive: true });
  const made = await roto.export(formats, folder, choices as ExportChoices);
  if (stand() !== before) notes.push('the project was edited meanwhile: export again to have the edits in every frame');
  const files = Object.fromEntries(Object.entries(made.files).map(([name, paths]) => [name, [...paths]]));
  return { done: made.frames, total: made.frames, folder, files, notes };
}
