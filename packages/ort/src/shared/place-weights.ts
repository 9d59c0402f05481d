import type { WeightFile } from '@rotokit/core/ports';
import { type ExternalPart, externalParts } from './external-data.js';

/**
 * The weight file of every location that the graph uses, and the parts it takes from each.
 * Throws an `Error` that names location and tensor where none was given. @throws TypeError where one was given twice.
 */
export function placeWeights(
  graph: Uint8Array,
  weights: readonly WeightFile[],
): ReadonlyMap<WeightFile, readonly ExternalPart[]> {
  const files = new Map<string, WeightFile>();
  for (const file of weights) {
    if (files.has(file.location)) throw new TypeError(`weights: the location ${file.location} is given twice`);
    files.set(file.location, file);
  }
  const placed = new Map<WeightFile, ExternalPart[]>();
  for (const part of externalParts(graph)) {
    const file = files.get(part.location);
    if (!file) throw new Error(`no weight file was given for ${part.location}, which holds ${part.tensor}`);
    const parts = placed.get(file);
    if (parts) parts.push(part);
    else placed.set(file, [part]);
  }
  return placed;
}

/** Throws an `Error` that names the tensor, what it expects and what is there, where a part lies outside the file. */
export function checkParts(name: string, bytes: number, parts: readonly ExternalPart[]): void {
  for (const { tensor, offset, length = 0 } of parts) {
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0)
      throw new Error(`${tensor}: its place in ${name} is not a range of bytes`);
    if (offset + length > bytes)
      throw new Error(`${tensor} needs bytes ${offset} to ${offset + length} of ${name}, which has ${bytes}`);
  }
}
