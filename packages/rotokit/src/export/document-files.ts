import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RotokitError, reasonOf, type SoftMask } from '@rotokit/core/values';
import type { Dataset } from '@rotokit/formats';
import type { Deliverable, DeliverableName, DeliveredFrame, ExportJob } from './deliverable.js';
import { frameDigest, Journal, sha256 } from './journal.js';
import { compareMasks } from './picture-files.js';
import { writeWhole } from './write-whole.js';

/** A format of one text for all frames. `T` is what is kept of a frame until then, as JSON. */
export interface DocumentFormat<T> {
  readonly name: DeliverableName;
  readonly path: string;
  note(frame: DeliveredFrame): T;
  text(notes: readonly T[]): string;
  /** Reads the file back; absent where it holds no masks. */
  read?(bytes: Uint8Array): Dataset;
  /** The name of an object's track in what `read` gives. */
  track?(object: number): string;
  /** What the file is to hold of a frame, where that is not its masks at one half. */
  expected?(frame: DeliveredFrame): readonly SoftMask[];
  locate?(object: number): { readonly label: number };
}

/** A delivery of one text: frames are noted as they come, so that an interrupted export goes on, and the text is written whole at the end. */
export function documentFile<T>(job: ExportJob, format: DocumentFormat<T>): Deliverable {
  const path = join(job.folder, format.path);
  return {
    files: [{ path: format.path, first: job.first, last: job.last }],
    choices: {},
    sequence: false,
    ...(format.locate ? { locate: format.locate } : {}),
    async open(earlier) {
      // A manifest keeps no notes: a finished document is made anew, which is cheap.
      const noted = new Map([...earlier.frames].filter(([, e]) => e.note !== undefined));
      const journal = new Journal(job, format.name, { ...earlier, frames: noted });
      let read: Dataset | undefined;
      return {
        has: async (frame) => journal.frames.get(frame.number)?.digest === frameDigest(job, {}, frame),
        async write(frame) {
          await journal.begin();
          const digest = frameDigest(job, {}, frame);
          await journal.add(frame.number, { digest, files: [], note: format.note(frame) });
        },
        async close() {
          const frames = [...journal.frames].filter(([f]) => f >= job.first && f <= job.last).sort(([a], [b]) => a - b);
          const bytes = new TextEncoder().encode(format.text(frames.map(([, e]) => e.note as T)));
          await writeWhole(path, bytes);
          const file = { path: format.path, bytes: bytes.length, sha256: sha256(bytes) };
          return { files: [{ ...file, frames: { first: job.first, last: job.last } }] };
        },
        abort: async () => {},
        async verify(frame) {
          if (!format.read) return;
          read ??= await readDocument(path, format.read);
          const masks = masksOn(read, frame.number - job.first, job, format);
          compareMasks([path], job, format.expected?.(frame) ?? frame.masks, masks, 'side of one half');
        },
      };
    },
  };
}

async function readDocument(path: string, read: (bytes: Uint8Array) => Dataset): Promise<Dataset> {
  try {
    return read(await readFile(path));
  } catch (error) {
    throw new RotokitError('WRITE_VERIFY_FAILED', { path, reason: reasonOf(error) }, error);
  }
}

function masksOn<T>(data: Dataset, frame: number, job: ExportJob, format: DocumentFormat<T>): SoftMask[] {
  const none: SoftMask = { size: data.size, window: { x0: 0, y0: 0, x1: 0, y1: 0 }, values: new Uint16Array(0) };
  return job.objects.map(({ name }, i) => {
    const track = data.tracks.find((t) => t.name === (format.track?.(i) ?? name));
    return track?.frames.includes(frame) ? track.mask(frame) : none;
  });
}
