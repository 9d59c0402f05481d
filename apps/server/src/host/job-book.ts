import { readFile, rm } from 'node:fs/promises';
import { writeWhole } from 'rotokit';
import { z } from 'zod';
import { JobOrder } from '../api/index.js';

/** A job that has not ended, as it is written down. `deaths`: how often the process ended under it without closing the project. */
export const WrittenJob = z.object({
  id: z.string().regex(/^job\d{1,9}$/),
  order: JobOrder,
  deaths: z.int().min(0),
});
/** See the schema of the same name. */
export type WrittenJob = z.infer<typeof WrittenJob>;

const Book = z.object({ version: z.literal(1), jobs: z.array(WrittenJob).max(64) });

/** The file of the jobs that a project has not finished. */
export const jobBookPath = (project: string): string => `${project}.jobs`;

/**
 * The unfinished jobs of a project, in a small file beside it that is written whole with every change and is gone when there are none. It holds what was
 * asked for and no results: those are in the project (masks) and beside the export (its journal), so that starting a job again does only the rest.
 */
export class JobBook {
  readonly #path: string;
  #jobs: readonly WrittenJob[];
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(path: string, jobs: readonly WrittenJob[]) {
    this.#path = path;
    this.#jobs = jobs;
  }

  /** The book of a project; empty where there is none, or none that can be read. */
  static async open(project: string): Promise<JobBook> {
    const path = jobBookPath(project);
    const text = await readFile(path, 'utf8').catch(() => '');
    return new JobBook(path, bookOf(text));
  }

  /** What is written down, oldest first. */
  get jobs(): readonly WrittenJob[] {
    return this.#jobs;
  }

  /** Writes a job down, on disk when this resolves. @throws RotokitError WRITE_FAILED. */
  put(job: WrittenJob): Promise<void> {
    return this.#change((jobs) => [...jobs.filter((j) => j.id !== job.id), job]);
  }

  /** Strikes a job out. */
  remove(id: string): Promise<void> {
    return this.#change((jobs) => jobs.filter((j) => j.id !== id));
  }

  #change(to: (jobs: readonly WrittenJob[]) => readonly WrittenJob[]): Promise<void> {
    const turn = this.#queue.then(async () => {
      const jobs = to(this.#jobs);
      if (jobs.length) await writeWhole(this.#path, JSON.stringify({ version: 1, jobs }));
      else await rm(this.#path, { force: true });
      this.#jobs = jobs;
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

function bookOf(text: string): readonly WrittenJob[] {
  try {
    return Book.parse(JSON.parse(text)).jobs;
  } catch {
    return [];
  }
}
