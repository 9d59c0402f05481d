import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FittedShapes, ShapeFitter, type ShapeSettings, shapeDefaults } from '@rotokit/core/shapes';
import { type FrameIndex, frameNumber, frameRange, type ObjectShapes, type ShapeScene } from '@rotokit/core/values';
import { HOSTS, type HostName } from '@rotokit/formats';
import type { Deliverable, DeliverableMaker, DeliveredFrame, ExportJob } from './deliverable.js';
import { sha256 } from './journal.js';
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
    this.#fitters = job.objects.map((o) => new ShapeFitter({ name: o.name, settings }));
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

/** `HOST/...`: the objects as editable shapes for one host. All frames are looked at before anything is written. */
export const splineDeliverable =
  (host: HostName, options: SplineOptions = {}): DeliverableMaker =>
  (job): Deliverable => ({
    files: plannedFiles(host, job),
    choices: Object.fromEntries(Object.entries(options).filter(([, v]) => v !== undefined)),
    sequence: false,
    async open() {
      const shapes = shapesOfJobs.get(job.objects) ?? new JobShapes(job, options);
      shapesOfJobs.set(job.objects, shapes);
      const written: string[] = [];
      return {
        // Shapes belong to all frames together: what an interrupted run had seen has to be seen again.
        has: async () => false,
        write: async (frame) => shapes.add(frame),
        async close() {
          const files = [];
          for (const { name, text } of HOSTS[host].files(shapes.scene())) {
            const path = `${host}/${name}`;
            const bytes = new TextEncoder().encode(text);
            await writeWhole(join(job.folder, path), bytes);
            written.push(path);
            const frame = /\.(-?\d+)\.svg$/.exec(name)?.[1];
            const frames = frame ? { first: Number(frame), last: Number(frame) } : { first: job.first, last: job.last };
            files.push({ path, bytes: bytes.length, sha256: sha256(bytes), frames });
          }
          return { files };
        },
        async abort() {
          for (const path of written) await rm(join(job.folder, path), { force: true });
        },
      };
    },
  });

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
  return HOSTS[host].files(scene).map(({ name }) => {
    const frame = /\.(-?\d+)\.svg$/.exec(name)?.[1];
    const [first, last] = frame ? [Number(frame), Number(frame)] : [job.first, job.last];
    return { path: `${host}/${name}`, first, last };
  });
}
