import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FittedShapes, ShapeFitter, type ShapeSettings, shapeDefaults } from '@rotokit/core/shapes';
import {
  type FrameIndex,
  frameNumber,
  frameRange,
  type ObjectShapes,
  RotokitError,
  reasonOf,
  type ShapeScene,
} from '@rotokit/core/values';
import { decodeManifest, HOSTS, type HostName, type ManifestFile } from '@rotokit/formats';
import type {
  Deliverable,
  DeliverableMaker,
  DeliveredFrame,
  EarlierFrames,
  ExportJob,
  FormatChoices,
} from './deliverable.js';
import { frameDigest, manifestPath, sha256 } from './journal.js';
import { fileFacts } from './manifest.js';
import { writeWhole } from './write-whole.js';

/** Choices of spline deliverables; what is left out follows the size of the picture. */
export type SplineOptions = Partial<ShapeSettings>;

/** Fits the shapes of a job once, however many hosts want them. */
export class JobShapes {
  readonly #job: ExportJob;
  readonly #fitters: readonly ShapeFitter[];
  #next: FrameIndex | undefined;
  #first: FrameIndex | undefined;
  #fitted: readonly FittedShapes[] | undefined;

  /** @throws RangeError for settings out of range. */
  constructor(job: ExportJob, options: SplineOptions) {
    this.#job = job;
    const settings = { ...shapeDefaults(job.size), ...options };
    this.#fitters = job.objects.map((o) => new ShapeFitter({ name: o.name, settings, earlier: o.edited }));
  }

  /** Takes the masks of a frame; a frame that it has already is left alone. */
  add({ index, masks }: Pick<DeliveredFrame, 'index' | 'masks'>): void {
    if (this.#next !== undefined && index < this.#next) return;
    this.#first ??= index;
    this.#next = (index + 1) as FrameIndex;
    this.#fitters.forEach((fitter, i) => {
      const mask = masks[i];
      if (mask) fitter.add(index, mask);
    });
  }

  /** The shapes of every object, fitted when first asked for. */
  fitted(): readonly FittedShapes[] {
    this.#fitted ??= this.#fitters.map((fitter) => {
      const steps = fitter.fit();
      for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
    });
    return this.#fitted;
  }

  /** Everything a host needs. */
  scene(): ShapeScene {
    const { shot, size, rate, objects, first } = this.#job;
    const start = this.#first ?? (0 as FrameIndex);
    const fitted = this.fitted();
    return {
      shot,
      size,
      rate,
      range: frameRange(start, this.#next ?? start),
      first: frameNumber(first - start),
      objects: objects.map(
        (o, i): ObjectShapes => ({ object: o.id, name: o.name, colour: o.colour, shapes: fitted[i]?.shapes ?? [] }),
      ),
    };
  }
}

/** Jobs at work and their shapes, so that hosts asked for together share them. */
const shapesOfJobs = new WeakMap<ExportJob['objects'], JobShapes>();

/**
 * `HOST/...`: the objects as editable shapes for one host. All frames are looked at before anything is written; where every one of them is as it was
 * when the folder's finished export was made, its files stay and nothing is fitted.
 */
export const splineDeliverable =
  (host: HostName, options: SplineOptions = {}): DeliverableMaker =>
  (job): Deliverable => {
    const choices: FormatChoices = Object.fromEntries(Object.entries(options).filter(([, v]) => v !== undefined));
    return {
      files: plannedFiles(host, job),
      choices,
      sequence: false,
      async open(earlier) {
        const shapes = shapesOfJobs.get(job.objects) ?? new JobShapes(job, options);
        shapesOfJobs.set(job.objects, shapes);
        const edited = sha256(JSON.stringify(job.objects.map((o) => o.edited)));
        const made: Record<string, string> = {};
        const written: string[] = [];
        let compared = false;
        const texts = () =>
          HOSTS[host].files(shapes.scene()).map(({ name, text }) => ({
            path: `${host}/${name}`,
            bytes: new TextEncoder().encode(text),
            frames: framesOfFile(name, job),
          }));
        return {
          // Shapes belong to all frames together: what an interrupted run had seen has to be seen again.
          has: async () => false,
          async write(frame) {
            made[frame.number] = frameDigest(job, { ...choices, edited }, frame);
            shapes.add(frame);
          },
          async close() {
            const kept = await unchanged(job, host, earlier, made);
            if (kept) return { files: kept, made };
            const files: ManifestFile[] = [];
            for (const { path, bytes, frames } of texts()) {
              await writeWhole(join(job.folder, path), bytes);
              written.push(path);
              files.push({ path, bytes: bytes.length, sha256: sha256(bytes), frames });
            }
            return { files, made };
          },
          async abort() {
            for (const path of written) await rm(join(job.folder, path), { force: true });
          },
          async verify() {
            if (compared) return;
            compared = true;
            for (const { path, bytes } of texts()) await compareText(join(job.folder, path), bytes);
          },
        };
      },
    };
  };

/** The files of a finished export whose frames are all as they are now, if every file is as it was left. */
async function unchanged(
  job: ExportJob,
  host: HostName,
  earlier: EarlierFrames,
  made: Readonly<Record<string, string>>,
): Promise<readonly ManifestFile[] | undefined> {
  const frames = Object.entries(made);
  if (!earlier.finished || earlier.frames.size !== frames.length) return undefined;
  if (frames.some(([frame, digest]) => earlier.frames.get(Number(frame))?.digest !== digest)) return undefined;
  const manifest = await readFile(manifestPath(job.folder, job.shot, host)).catch(() => undefined);
  if (!manifest) return undefined;
  const { files } = decodeManifest(manifest);
  for (const file of files) {
    const facts = await fileFacts(join(job.folder, file.path)).catch(() => undefined);
    if (facts?.bytes !== file.bytes || facts.sha256 !== file.sha256) return undefined;
  }
  return files;
}

/** Fitting is exact: the same mattes give the same text, byte for byte. @throws RotokitError WRITE_VERIFY_FAILED. */
async function compareText(path: string, bytes: Uint8Array): Promise<void> {
  const found = await readFile(path).catch((error: unknown) => {
    throw new RotokitError('WRITE_VERIFY_FAILED', { path, reason: reasonOf(error) }, error);
  });
  if (!found.equals(bytes))
    throw new RotokitError('WRITE_VERIFY_FAILED', { path, reason: 'it does not hold the shapes of these mattes' });
}

/** Frames that a host's file is about, by its name. */
function framesOfFile(name: string, { first, last }: ExportJob): ManifestFile['frames'] {
  const frame = /\.(-?\d+)\.svg$/.exec(name)?.[1];
  return frame ? { first: Number(frame), last: Number(frame) } : { first, last };
}

/** The names of a host's files do not depend on the shapes: a scene of the job without any tells them. */
function plannedFiles(host: HostName, job: ExportJob): Deliverable['files'] {
  const scene: ShapeScene = {
    shot: job.shot,
    size: job.size,
    rate: job.rate,
    range: frameRange(0, job.last - job.first + 1),
    first: job.first,
    objects: job.objects.map((o) => ({ object: o.id, name: o.name, colour: o.colour, shapes: [] })),
  };
  return HOSTS[host].files(scene).map(({ name }) => ({ path: `${host}/${name}`, ...framesOfFile(name, job) }));
}
