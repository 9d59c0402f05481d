import {
  boxHeight,
  boxIntersect,
  boxOf,
  boxWidth,
  MASK_ONE,
  maskTrim,
  type SoftMask,
  softMask,
} from '@rotokit/core/values';
import { type DecodeOptions, damaged, decoding } from '../bytes/byte-reader.js';
import type { ExrChannel, ExrImage } from '../exr/image.js';
import { parseCryptoManifest } from './manifest.js';

/** One Cryptomatte layer of a picture. */
export interface Cryptomatte {
  /** The layer's name: `CryptoObject`. */
  readonly layer: string;
  /** The names and the bits of their identifiers; empty where the manifest lies in a file that was not given. */
  readonly names: ReadonlyMap<string, number>;
  /** The path of the manifest relative to the picture, where it is not embedded. */
  readonly sidecar?: string;
  /** The coverage of an identifier on the display window: all ranks added up, 0..1 as 0..65535. */
  matte(bits: number): SoftMask;
}

/** A manifest that lies in a file: its text by the path that the picture gives. */
export type Sidecars = (path: string) => string | undefined;

/**
 * The Cryptomatte layers of a picture, in the order of its attributes; none where it has none.
 * @throws RotokitError MEDIA_UNREADABLE for another hash or conversion, channels that are missing or not 32 bits, and a manifest that is none.
 */
export function readCryptomattes(
  image: ExrImage,
  sidecars: Sidecars = () => undefined,
  options: DecodeOptions = {},
): readonly Cryptomatte[] {
  return decoding(options, () => {
    const said = (name: string) => {
      const a = image.attributes?.[name];
      return a?.type === 'string' ? a.value : undefined;
    };
    return Object.keys(image.attributes ?? {}).flatMap((attribute) => {
      const key = /^cryptomatte\/([^/]+)\/name$/.exec(attribute)?.[1];
      const layer = said(attribute);
      if (key === undefined || layer === undefined) return [];
      const of = (what: string) => said(`cryptomatte/${key}/${what}`);
      if (of('hash') !== 'MurmurHash3_32') damaged(`its Cryptomatte hash ${of('hash')} is not known`);
      if (of('conversion') !== 'uint32_to_float32')
        damaged(`its Cryptomatte conversion ${of('conversion')} is not known`);
      const sidecar = of('manif_file');
      const text = of('manifest') ?? (sidecar === undefined ? undefined : sidecars(sidecar));
      const ranks = ranksOf(image, layer);
      return {
        layer,
        names: text === undefined ? new Map<string, number>() : parseCryptoManifest(text),
        ...(sidecar === undefined ? {} : { sidecar }),
        matte: (bits: number) => matteOf(image, ranks, bits),
      };
    });
  });
}

interface Rank {
  readonly ids: Uint32Array;
  readonly coverage: Float32Array;
}

const floats = (channel: ExrChannel): Float32Array =>
  channel.type === 'float' ? channel.values : damaged(`the Cryptomatte channel ${channel.name} is not 32-bit float`);

/** `.r`/`.g` and `.b`/`.a` of the layers 00, 01, ...; some writers say `.red`, or in capitals. */
function ranksOf(image: ExrImage, layer: string): Rank[] {
  const byName = new Map(image.channels.map((c) => [c.name, c]));
  const find = (level: number, names: readonly string[]) =>
    names
      .map((n) => byName.get(`${layer}${String(level).padStart(2, '0')}.${n}`))
      .find((channel) => channel !== undefined);
  const ranks: Rank[] = [];
  for (let level = 0; ; level++) {
    const [r, g] = [find(level, ['r', 'red', 'R']), find(level, ['g', 'green', 'G'])];
    const [b, a] = [find(level, ['b', 'blue', 'B']), find(level, ['a', 'alpha', 'A'])];
    for (const [id, coverage] of [
      [r, g],
      [b, a],
    ]) {
      if (!id || !coverage) continue;
      const values = floats(id);
      ranks.push({ ids: new Uint32Array(values.buffer, values.byteOffset, values.length), coverage: floats(coverage) });
    }
    if (!r) return ranks.length ? ranks : damaged(`the Cryptomatte ${layer} has no channels`);
  }
}

function matteOf({ displayWindow, dataWindow }: ExrImage, ranks: readonly Rank[], bits: number): SoftMask {
  const window = boxIntersect(dataWindow, boxOf(displayWindow));
  const [width, stride] = [boxWidth(window), boxWidth(dataWindow)];
  const values = new Uint16Array(width * boxHeight(window));
  let to = 0;
  for (let y = window.y0; y < window.y1; y++) {
    let from = (y - dataWindow.y0) * stride + window.x0 - dataWindow.x0;
    for (let x = 0; x < width; x++, from++, to++) {
      let sum = 0;
      for (const { ids, coverage } of ranks) if (ids[from] === bits) sum += coverage[from];
      if (sum > 0) values[to] = Math.round(Math.min(1, sum) * MASK_ONE);
    }
  }
  return maskTrim(softMask(displayWindow, window, values));
}
