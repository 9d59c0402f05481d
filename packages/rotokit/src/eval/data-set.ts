import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { maskFromPlane, RotokitError, reasonOf, type SoftMask, size } from '@rotokit/core/values';
import { decodePng, type PngImage } from '@rotokit/formats';

/** One sequence of a DAVIS-style data set: a picture and an annotation for each frame. */
export interface DataSequence {
  readonly name: string;
  /** Folder of the pictures, to be opened as a clip. */
  readonly pictures: string;
  /** Annotation files in order of frames. */
  readonly annotations: readonly string[];
}

const RESOLUTION = '480p';

/**
 * The sequences below a folder in DAVIS layout: `JPEGImages/480p/SEQ/*.jpg` and `Annotations/480p/SEQ/*.png`.
 * @param only names to keep, in that order; all of them, sorted, when left out.
 * @throws RotokitError DATASET_UNREADABLE.
 */
export async function readDataSet(folder: string, only?: readonly string[]): Promise<readonly DataSequence[]> {
  const unreadable = (error: unknown): never => {
    throw new RotokitError('DATASET_UNREADABLE', { path: folder, reason: reasonOf(error) }, error);
  };
  const root = join(folder, 'Annotations', RESOLUTION);
  const found = (await readdir(root, { withFileTypes: true }).catch(unreadable))
    .filter((d) => d.isDirectory())
    .map((d) => d.name);
  const missing = only?.filter((name) => !found.includes(name));
  if (missing?.length) unreadable(new Error(`no sequence named ${missing.join(', ')}`));
  const sequences: DataSequence[] = [];
  for (const name of only ?? found.sort()) {
    const files = (await readdir(join(root, name)).catch(unreadable)).filter((f) => f.endsWith('.png')).sort();
    if (files.length < 3) continue;
    sequences.push({
      name,
      pictures: join(folder, 'JPEGImages', RESOLUTION, name),
      annotations: files.map((f) => join(root, name, f)),
    });
  }
  if (!sequences.length) unreadable(new Error('no sequence of 3 annotated frames'));
  return sequences;
}

/**
 * The masks of one annotation by label. A picture of a single object (grey, 0 and 255) has the label 1; an indexed one
 * has its palette's numbers, 0 being the background and 255 void.
 * @throws RotokitError MASK_UNREADABLE.
 */
export async function readAnnotation(path: string): Promise<ReadonlyMap<number, SoftMask>> {
  const image = await readPng(path);
  const { width, height } = image;
  const labels = labelsOf(image);
  const planes = new Map<number, Uint16Array>();
  for (let k = 0; k < labels.length; k++) {
    const label = labels[k] as number;
    if (label === 0 || label === 255) continue;
    let plane = planes.get(label);
    if (!plane) planes.set(label, (plane = new Uint16Array(labels.length)));
    plane[k] = 65535;
  }
  return new Map(
    [...planes].sort(([a], [b]) => a - b).map(([label, plane]) => [label, maskFromPlane(size(width, height), plane)]),
  );
}

async function readPng(path: string): Promise<PngImage> {
  try {
    return decodePng(await readFile(path));
  } catch (error) {
    throw new RotokitError('MASK_UNREADABLE', { path, reason: reasonOf(error) }, error);
  }
}

function labelsOf(image: PngImage): Uint8Array {
  if (image.kind === 'indexed') return image.indices;
  const { channels, samples } = image;
  const half = samples instanceof Uint16Array ? 32768 : 128;
  const labels = new Uint8Array(image.width * image.height);
  for (let k = 0; k < labels.length; k++) labels[k] = (samples[k * channels] as number) >= half ? 1 : 0;
  return labels;
}
