import { type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises';
import { sizeOf } from '../disk/digest.js';
import type { Place } from '../disk/places.js';

/** What identifies the file that a part belongs to. */
export interface PartFacts {
  readonly sha256?: string;
  readonly bytes?: number;
  readonly etag?: string;
}

/** Whether a part of one file can be the beginning of another, as far as both are known. */
const continues = (a: PartFacts, b: PartFacts): boolean => {
  if (a.sha256 && b.sha256) return a.sha256 === b.sha256;
  if (a.bytes !== undefined && b.bytes !== undefined && a.bytes !== b.bytes) return false;
  return a.etag !== undefined && (b.etag === undefined || a.etag === b.etag);
};

/** The bytes of a file that came so far, on disk, with what is known of the file. */
export class Part {
  readonly #place: Place;
  readonly #file: FileHandle;
  #facts: PartFacts;
  /** How many bytes are here. */
  size: number;

  private constructor(place: Place, file: FileHandle, facts: PartFacts, size: number) {
    this.#place = place;
    this.#file = file;
    this.#facts = facts;
    this.size = size;
  }

  /** Opens what an earlier pull left if it belongs to the same file, or begins anew. */
  static async open(place: Place, facts: PartFacts): Promise<Part> {
    const left = await readFacts(place);
    const size = (await sizeOf(place.part)) ?? 0;
    const fits = left !== undefined && continues(left, facts) && size <= (facts.bytes ?? Number.POSITIVE_INFINITY);
    const part = new Part(
      place,
      await open(place.part, fits ? 'r+' : 'w'),
      fits ? { ...left, ...facts } : facts,
      fits ? size : 0,
    );
    await part.#writeFacts();
    return part;
  }

  /** The validator to ask for the rest of the same file with. */
  get etag(): string | undefined {
    return this.#facts.etag;
  }

  /** Remembers what the source says of the file. False when it is another file than before: then begin anew. */
  async learn(facts: PartFacts): Promise<boolean> {
    const { etag } = this.#facts;
    if (this.size && etag !== undefined && facts.etag !== undefined && etag !== facts.etag) return false;
    this.#facts = { ...this.#facts, ...facts };
    await this.#writeFacts();
    return true;
  }

  /** Adds bytes at the end. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, from, bytes.length - from, this.size);
      from += bytesWritten;
      this.size += bytesWritten;
    }
  }

  /** Forgets everything. */
  async restart(): Promise<void> {
    await this.#file.truncate(0);
    this.size = 0;
    const { etag: _, ...facts } = this.#facts;
    this.#facts = facts;
  }

  /** Closes the file; what came stays. */
  async close(): Promise<void> {
    await this.#file.sync().catch(() => undefined);
    await this.#file.close();
  }

  #writeFacts(): Promise<void> {
    return writeFile(this.#place.partFacts, JSON.stringify(this.#facts));
  }
}

async function readFacts(place: Place): Promise<PartFacts | undefined> {
  try {
    return JSON.parse(await readFile(place.partFacts, 'utf8')) as PartFacts;
  } catch {
    return undefined;
  }
}

/** Deletes what interrupted pulls left of a file. */
export async function dropPart(place: Place): Promise<void> {
  await Promise.all([rm(place.part, { force: true }), rm(place.partFacts, { force: true })]);
}
