import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RotokitError, reasonOf, type Size, sameSize } from '@rotokit/core/values';
import {
  decodeDpx,
  decodeExrParts,
  decodeManifest,
  decodePng,
  decodeTiff,
  type Manifest,
  type ManifestFile,
  readCoco,
  readCvat,
  readLabelme,
  readMots,
  readYoutubeVis,
} from '@rotokit/formats';
import { fileFacts } from './manifest.js';

/** What a folder of exports turned out to be. */
export interface VerifyReport {
  readonly folder: string;
  /** Exports found by their manifests: format, frames, files. */
  readonly exports: readonly { readonly kind: string; readonly frames: number; readonly files: number }[];
  /** What is wrong, file by file; nothing where all is well. */
  readonly problems: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Reads every file back that the manifests in a folder name: it is there, has its length and checksum, decodes, has the clip's size and the
 * channels of its objects. Needs no project and no clip.
 * @throws RotokitError WRITE_VERIFY_FAILED where there is no manifest or one cannot be read.
 */
export async function verifyExport(
  folder: string,
  options: { readonly signal?: AbortSignal; onFile?(path: string): void } = {},
): Promise<VerifyReport> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const manifests = names.filter((n) => n.endsWith('.manifest.json')).sort();
  const refuse = (path: string, reason: string, cause?: unknown): never => {
    throw new RotokitError('WRITE_VERIFY_FAILED', { path, reason }, cause);
  };
  if (!manifests.length) refuse(folder, 'there is no manifest: the export is not finished, or was made elsewhere');
  const problems: { path: string; reason: string }[] = [];
  const exports: { kind: string; frames: number; files: number }[] = [];
  for (const name of manifests) {
    const path = join(folder, name);
    const bytes = await readFile(path);
    let manifest: Manifest;
    try {
      manifest = decodeManifest(bytes, { name: path });
    } catch (error) {
      return refuse(path, reasonOf(error), error);
    }
    for (const file of manifest.files) {
      options.signal?.throwIfAborted();
      const reason = await fileProblem(folder, manifest, file);
      if (reason !== undefined) problems.push({ path: file.path, reason });
      options.onFile?.(file.path);
    }
    const { first, last } = manifest.frames;
    exports.push({ kind: manifest.kind, frames: last - first + 1, files: manifest.files.length });
  }
  return { folder, exports, problems };
}

async function fileProblem(folder: string, manifest: Manifest, file: ManifestFile): Promise<string | undefined> {
  const path = join(folder, file.path);
  try {
    const { bytes, sha256 } = await fileFacts(path);
    if (bytes !== file.bytes) return `it has ${bytes} bytes instead of ${file.bytes}`;
    if (sha256 !== file.sha256) return 'its checksum is another';
    const read = READERS[manifest.kind];
    if (!read || file.path.endsWith('_manifest.json')) return undefined;
    const found = read(await readFile(path), manifest);
    if (found.size && !sameSize(found.size, manifest.clip.size))
      return `it is ${found.size.width}x${found.size.height}, the clip is ${manifest.clip.size.width}x${manifest.clip.size.height}`;
    return found.problem;
  } catch (error) {
    return reasonOf(error);
  }
}

type Reader = (bytes: Uint8Array, manifest: Manifest) => { readonly size?: Size; readonly problem?: string };

const exr: Reader = (bytes, manifest) => {
  const parts = decodeExrParts(bytes);
  const channels = new Set(parts.flatMap((p) => p.channels.map((c) => c.name)));
  const missing = manifest.objects.find((o) => o.channel !== undefined && !channels.has(o.channel));
  const size = parts[0]?.displayWindow;
  return { ...(size ? { size } : {}), ...(missing ? { problem: `it has no channel ${missing.channel}` } : {}) };
};
const sized = (image: Size) => ({ size: { width: image.width, height: image.height } });
const png: Reader = (bytes) => sized(decodePng(bytes));

/** Decoders by format. Movies are read back when they are made; timelines have no pixels. */
const READERS: Readonly<Record<string, Reader>> = {
  exr,
  crypto: exr,
  cutout: exr,
  png,
  'cutout-png': png,
  davis: png,
  'mots-png': png,
  tiff: (bytes) => sized(decodeTiff(bytes)),
  dpx: (bytes) => sized(decodeDpx(bytes)),
  coco: (bytes) => ({ size: readCoco(bytes).size }),
  'youtube-vis': (bytes) => ({ size: readYoutubeVis(bytes).size }),
  cvat: (bytes) => ({ size: readCvat(bytes).size }),
  mots: (bytes) => (bytes.length ? { size: readMots(bytes).size } : {}),
  labelme: (bytes) => ({ size: readLabelme(bytes).size }),
};
