import { type Box, boxHeight, boxWidth, type Point } from '@rotokit/core/values';
import { ByteReader, damaged } from '../bytes/byte-reader.js';
import { type ExrAttribute, readAttributes, readValue } from './attributes.js';
import {
  COMPRESSIONS,
  EXR_MAGIC,
  type ExrCompression,
  type ExrHeader,
  type ExrLayout,
  PIXEL_TYPES,
  VERSION_BITS,
} from './image.js';
import { type ExrTiles, readTiles } from './tiles.js';

/** A header as read. */
export interface ReadHeader {
  /** Where the display window begins; pictures here begin at (0, 0). */
  readonly origin: Point;
  /** The data window is still as in the file. */
  readonly header: ExrHeader;
  readonly layout: readonly ExrLayout[];
  /** How it is cut; undefined where it is written in scan lines. */
  readonly tiles: ExrTiles | undefined;
}

const REQUIRED = ['channels', 'compression', 'dataWindow', 'displayWindow', 'lineOrder', 'pixelAspectRatio'];
const IMPLIED = new Set([
  ...REQUIRED,
  'tiles',
  'screenWindowCenter',
  'screenWindowWidth',
  'name',
  'type',
  'chunkCount',
]);
/** More parts than this are damage. */
const MOST_PARTS = 1024;

/** Reads all headers of a file, and whether its chunks name their part. Stops the decoder at what is not read here. */
export function readHeaders(from: ByteReader): { readonly severalParts: boolean; readonly headers: ReadHeader[] } {
  if (from.i32() !== EXR_MAGIC) damaged('it is not an EXR');
  const version = from.i32();
  if ((version & 0xff) !== 2) damaged(`EXR version ${version & 0xff} is not known`);
  const tiled = (version & VERSION_BITS.tiled) !== 0;
  if (version & VERSION_BITS.deep) damaged('deep EXR is not read here');
  const severalParts = (version & VERSION_BITS.parts) !== 0;
  const headers: ReadHeader[] = [];
  do {
    if (headers.length >= MOST_PARTS) damaged(`it has more than ${MOST_PARTS} parts`);
    headers.push(readHeader(from, tiled));
  } while (severalParts && from.bytes[from.at] !== 0);
  if (severalParts) from.skip(1);
  return { severalParts, headers };
}

function readHeader(from: ByteReader, tiled: boolean): ReadHeader {
  const all = readAttributes(from);
  const bytes = (name: string) => all.get(name)?.bytes ?? damaged(`its header lacks ${name}`);
  const attributes: Record<string, ExrAttribute> = Object.create(null);
  for (const [name, a] of all) if (!IMPLIED.has(name)) attributes[name] = readValue(a.typeName, a.bytes);
  const text = (name: string) => {
    const found = all.get(name);
    const value = found && readValue(found.typeName, found.bytes);
    return value?.type === 'string' ? value.value : undefined;
  };
  const [kind, name] = [tiled ? 'tiledimage' : (text('type') ?? 'scanlineimage'), text('name')];
  if (kind !== 'scanlineimage' && kind !== 'tiledimage')
    damaged(`a part of the kind ${JSON.stringify(kind)} is not read here`);
  const display = boxFrom(bytes('displayWindow'));
  const code = bytes('compression')[0];
  const known = Object.entries(COMPRESSIONS).find(([, c]) => c.code === code);
  if (!known) return damaged(`EXR compression ${code} is not read here; NONE, RLE, ZIPS, ZIP, PIZ and PXR24 are`);
  return {
    origin: { x: display.x0, y: display.y0 },
    layout: layoutFrom(bytes('channels')),
    tiles: kind === 'tiledimage' ? readTiles(bytes('tiles')) : undefined,
    header: {
      dataWindow: boxFrom(bytes('dataWindow')),
      displayWindow: { width: boxWidth(display), height: boxHeight(display) },
      compression: known[0] as ExrCompression,
      pixelAspect: new ByteReader(bytes('pixelAspectRatio')).f32(),
      attributes,
      ...(name === undefined ? {} : { name }),
    },
  };
}

function boxFrom(bytes: Uint8Array): Box {
  const from = new ByteReader(bytes);
  const box = { x0: from.i32(), y0: from.i32(), x1: from.i32() + 1, y1: from.i32() + 1 };
  return box.x1 > box.x0 && box.y1 > box.y0 ? box : damaged('a window of its header is empty');
}

function layoutFrom(bytes: Uint8Array): ExrLayout[] {
  const from = new ByteReader(bytes);
  const layout: ExrLayout[] = [];
  for (let name = from.zeroText(255); name !== ''; name = from.zeroText(255)) {
    const type = PIXEL_TYPES[from.i32()] ?? damaged(`channel ${name} has an unknown pixel type`);
    from.skip(4);
    if (from.i32() !== 1 || from.i32() !== 1) damaged(`channel ${name} is subsampled, which is not read here`);
    if (layout.length >= 4096) damaged('it has more than 4,096 channels');
    layout.push({ name, type });
  }
  return layout.length ? layout : damaged('it has no channels');
}
