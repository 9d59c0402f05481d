import { ByteWriter, bytesOf } from '../bytes/byte-writer.js';
import { type ExrAttribute, writeAttribute } from './attributes.js';
import { COMPRESSIONS, type ExrHeader, type ExrLayout, PIXEL_TYPES } from './image.js';

/** Names up to this many bytes need no flag in the version field. */
const SHORT_NAME = 31;
/** Names may have no more bytes than this. */
const LONGEST_NAME = 255;

/** The attributes of a part in the order they are written, the required ones made from its fields. */
export function headerAttributes(
  header: ExrHeader,
  layout: readonly ExrLayout[],
  part?: { readonly chunks: number },
): Readonly<Record<string, ExrAttribute>> {
  const { dataWindow: d, displayWindow: shown, attributes = {} } = header;
  return {
    ...attributes,
    channels: { type: 'opaque', typeName: 'chlist', bytes: channelList(layout) },
    compression: opaque('compression', COMPRESSIONS[header.compression].code),
    dataWindow: { type: 'box2i', value: [d.x0, d.y0, d.x1 - 1, d.y1 - 1] },
    displayWindow: { type: 'box2i', value: [0, 0, shown.width - 1, shown.height - 1] },
    lineOrder: opaque('lineOrder', 0),
    pixelAspectRatio: { type: 'float', value: header.pixelAspect ?? 1 },
    screenWindowCenter: { type: 'v2f', value: [0, 0] },
    screenWindowWidth: { type: 'float', value: 1 },
    ...(header.name === undefined ? {} : { name: { type: 'string', value: header.name } as const }),
    ...(part
      ? {
          type: { type: 'string', value: 'scanlineimage' } as const,
          chunkCount: { type: 'int', value: part.chunks } as const,
        }
      : {}),
  };
}

const opaque = (typeName: string, ...bytes: number[]): ExrAttribute => ({
  type: 'opaque',
  typeName,
  bytes: Uint8Array.from(bytes),
});

function channelList(layout: readonly ExrLayout[]): Uint8Array {
  const out = new ByteWriter();
  for (const { name, type } of layout) {
    out.zeroText(name);
    out.i32(PIXEL_TYPES.indexOf(type));
    out.u32(0); // pLinear and three reserved bytes
    out.i32(1);
    out.i32(1); // sampled at every pixel
  }
  out.u8(0);
  return out.done();
}

/** The bytes of one header with the zero byte behind it. @throws RangeError for a name of no or too many bytes. */
export function headerBytes(attributes: Readonly<Record<string, ExrAttribute>>): Uint8Array {
  const out = new ByteWriter();
  for (const [name, attribute] of Object.entries(attributes)) {
    if (bytesOf(name).length > LONGEST_NAME || name === '' || name.includes('\0'))
      throw new RangeError(`attribute names have 1 to 255 bytes, got ${JSON.stringify(name)}`);
    writeAttribute(out, name, attribute);
  }
  out.u8(0);
  return out.done();
}

/** Whether a name among these needs the flag for long names. */
export const needsLongNames = (names: readonly string[]): boolean =>
  names.some((name) => bytesOf(name).length > SHORT_NAME);
