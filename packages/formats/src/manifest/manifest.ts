import type { FrameRate, Size } from '@rotokit/core/values';
import { type DecodeOptions, damaged, decoding } from '../bytes/byte-reader.js';
import { JsonValue } from '../bytes/json.js';

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
  /** What the files are: `exr`, `png`, `prores`, ... */
  readonly kind: string;
  readonly clip: { readonly path: string; readonly size: Size; readonly rate: FrameRate };
  /** Frames of the export as shown, both included. */
  readonly frames: { readonly first: number; readonly last: number };
  readonly objects: readonly ManifestObject[];
  readonly files: readonly ManifestFile[];
  /** Engine, versions, digests, parameters: what is needed to make the same bytes again. */
  readonly provenance: Readonly<Record<string, string | number>>;
  /** How the format was written: every choice that decides its bytes. */
  readonly choices?: Readonly<Record<string, string | number | boolean>>;
  /** What the files of a frame were made from, by the frame's number as shown: equal digests, equal files. */
  readonly made?: Readonly<Record<string, string>>;
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
    if (!staysInside(path))
      throw new RangeError(`files.path must be relative with forward slashes, got ${JSON.stringify(path)}`);
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`files.sha256 of ${path} is no SHA-256: ${sha256}`);
  }
  const covered = new Set<number>();
  for (const { frames } of manifest.files) for (let f = frames.first; f <= frames.last; f++) covered.add(f);
  for (let f = first; f <= last; f++)
    if (!covered.has(f)) throw new RangeError(`files hold every frame, ${f} is in none`);
  const { kind, clip, frames, objects, provenance, choices, made } = manifest;
  const files = [...manifest.files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const document = { schema: MANIFEST_SCHEMA, kind, clip, frames, objects, files, provenance, choices, made };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
}

const staysInside = (path: string) =>
  path !== '' && !/^[/\\]|^[A-Za-z]:|\\/.test(path) && !path.split('/').includes('..');

/**
 * Reads a manifest of this layout.
 * @throws RotokitError MEDIA_UNREADABLE when it is none, or names files outside of its folder.
 */
export function decodeManifest(bytes: Uint8Array, options: DecodeOptions = {}): Manifest {
  return decoding(options, () => {
    const all = JsonValue.parse(bytes);
    if (all.field('schema').text !== MANIFEST_SCHEMA) damaged(`its schema is not ${MANIFEST_SCHEMA}`);
    const span = (v: JsonValue) => ({ first: v.field('first').whole, last: v.field('last').whole });
    const clip = all.field('clip');
    const pair = (v: JsonValue, a: string, b: string) => [v.field(a).whole, v.field(b).whole] as const;
    const [width, height] = pair(clip.field('size'), 'width', 'height');
    const [num, den] = pair(clip.field('rate'), 'num', 'den');
    return {
      kind: all.field('kind').text,
      clip: { path: clip.field('path').text, size: { width, height }, rate: { num, den } },
      frames: span(all.field('frames')),
      objects: all.field('objects').list.map((o) => ({
        id: o.field('id').text,
        name: o.field('name').text,
        ...(o.field('channel').isNull ? {} : { channel: o.field('channel').text }),
        ...(o.field('label').isNull ? {} : { label: o.field('label').whole }),
      })),
      files: all.field('files').list.map((f) => {
        const path = f.field('path').text;
        if (!staysInside(path)) damaged(`it names ${JSON.stringify(path)}, which is outside`);
        const sha256 = f.field('sha256').text;
        return { path, frames: span(f.field('frames')), bytes: f.field('bytes').whole, sha256 };
      }),
      provenance: all.field('provenance').record((v) => (v.isText ? v.text : v.number)),
      ...(all.field('choices').isNull
        ? {}
        : { choices: all.field('choices').record((v) => (v.isText ? v.text : v.isBoolean ? v.boolean : v.number)) }),
      ...(all.field('made').isNull ? {} : { made: all.field('made').record((v) => v.text) }),
    };
  });
}
