import { realpath, stat } from 'node:fs/promises';
import { parse, relative, sep } from 'node:path';
import type { WeightFile } from '@rotokit/core/ports';
import { reasonOf } from '@rotokit/core/values';
import { withLocations } from '../shared/external-data.js';
import { checkParts, placeWeights } from '../shared/place-weights.js';

/** A graph as ONNX Runtime can open it from memory: its locations are relative to `folder`, or are those of `buffers`. */
export interface LocatedGraph {
  readonly graph: Uint8Array;
  readonly folder: string;
  readonly buffers: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/**
 * Points a graph at its weight files. ONNX Runtime takes locations relative to one folder, and refuses absolute ones, `..` and
 * symbolic links that leave the folder (a Hugging Face cache is made of such links). So links are resolved and every
 * location is written relative to the root of the file system: one way for files anywhere.
 * Throws an `Error` that says which file or tensor is at fault.
 */
export async function locate(graph: Uint8Array, weights: readonly WeightFile[]): Promise<LocatedGraph> {
  const names = new Map<string, string>();
  const buffers: { path: string; data: Uint8Array }[] = [];
  let folder = parse(process.cwd()).root;
  for (const [file, parts] of placeWeights(graph, weights)) {
    if ('bytes' in file) {
      checkParts(file.location, file.bytes.length, parts);
      buffers.push({ path: file.location, data: file.bytes });
      continue;
    }
    const real = await realpath(file.path).catch((e: unknown) => {
      throw new Error(`the weight file ${file.path} cannot be opened: ${reasonOf(e)}`);
    });
    const facts = await stat(real);
    if (!facts.isFile()) throw new Error(`the weight file ${file.path} is not a file`);
    checkParts(file.path, facts.size, parts);
    folder = parse(real).root;
    names.set(file.location, relative(folder, real).split(sep).join('/'));
  }
  const renamed = names.size ? withLocations(graph, (location) => names.get(location) ?? location) : graph;
  return { graph: renamed, folder, buffers };
}
