import type { FrameRate, Size } from '@rotokit/core/values';

/** A file of an export. */
export interface ManifestFile {
  /** Relative to the manifest, with forward slashes. */
  readonly path: string;
  /** The numbers of the frames in it, as shown; one for a picture, first and last for a movie. */
  readonly frames: { readonly first: number; readonly last: number };
  readonly bytes: number;
  /** SHA-256 in lower-case hexadecimal. */
  readonly sha256: string;
}

/** An object of an export, and where its matte is found. */
export interface ManifestObject {
  readonly id: string;
  readonly name: string;
  /** The channel of an EXR, the number in a labelled PNG, or both. */
  readonly channel?: string;
  readonly label?: number;
}

/** What lies beside every export: which files there are, what is in them, and how they came about. */
export interface Manifest {
  /** What the files are: `exr`, `png16`, `prores`, ... */
  readonly kind: string;
  readonly clip: { readonly path: string; readonly size: Size; readonly rate: FrameRate };
  /** Frames of the export as shown, both included. */
  readonly frames: { readonly first: number; readonly last: number };
  readonly objects: readonly ManifestObject[];
  readonly files: readonly ManifestFile[];
  /** Engine, versions, digests, parameters: what is needed to make the same bytes again. */
  readonly provenance: Readonly<Record<string, string | number>>;
}

/** The version of the manifest's layout. */
export const MANIFEST_SCHEMA = 'rotokit.export/1';

/**
 * The bytes of a manifest: JSON, indented, keys in a fixed order and files sorted by path, without a date, so that the
 * same export gives the same manifest.
 *
 * @throws RangeError when a frame of the range is in no file, a path leaves the folder, or a checksum is none.
 */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const { first, last } = manifest.frames;
  for (const { path, sha256 } of manifest.files) {
    if (path === '' || /^[/\\]|^[A-Za-z]:|\\/.test(path) || path.split('/').includes('..'))
      throw new RangeError(`files.path must be relative with forward slashes, got ${JSON.stringify(path)}`);
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`files.sha256 of ${path} is no SHA-256: ${sha256}`);
  }
  const covered = new Set<number>();
  for (const { frames } of manifest.files) for (let f = frames.first; f <= frames.last; f++) covered.add(f);
  for (let f = first; f <= last; f++)
    if (!covered.has(f)) throw new RangeError(`files hold every frame, ${f} is in none`);
  const { kind, clip, frames, objects, provenance } = manifest;
  const files = [...manifest.files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const document = { schema: MANIFEST_SCHEMA, kind, clip, frames, objects, files, provenance };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
}
