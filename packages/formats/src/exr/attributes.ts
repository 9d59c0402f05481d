import { ByteReader, damaged, textOf } from '../bytes/byte-reader.js';
import { ByteWriter, bytesOf } from '../bytes/byte-writer.js';

/**
 * A value in an EXR header, tagged with the type name that the file stores (OpenEXR "Standard Attributes").
 * `box2i` holds inclusive maxima as the file does. Types not listed keep their bytes untouched under `opaque`.
 */
export type ExrAttribute =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'stringvector'; readonly value: readonly string[] }
  | { readonly type: 'int' | 'float' | 'double'; readonly value: number }
  | { readonly type: 'rational'; readonly value: { readonly num: number; readonly den: number } }
  | { readonly type: 'timecode'; readonly value: { readonly time: number; readonly userData: number } }
  /** Red x, y, green x, y, blue x, y, white x, y in CIE 1931. */
  | { readonly type: 'chromaticities'; readonly value: readonly number[] }
  | { readonly type: 'v2f' | 'v3f' | 'm33f' | 'm44f'; readonly value: readonly number[] }
  | { readonly type: 'v2i' | 'v3i' | 'box2i'; readonly value: readonly number[] }
  | { readonly type: 'opaque'; readonly typeName: string; readonly bytes: Uint8Array };

/** Attributes of a header by name. */
export type ExrAttributes = Readonly<Record<string, ExrAttribute>>;

const LISTS: Record<string, readonly [count: number, kind: 'f32' | 'i32']> = {
  chromaticities: [8, 'f32'],
  v2f: [2, 'f32'],
  v3f: [3, 'f32'],
  m33f: [9, 'f32'],
  m44f: [16, 'f32'],
  v2i: [2, 'i32'],
  v3i: [3, 'i32'],
  box2i: [4, 'i32'],
};

/** The bytes of a value. @throws RangeError when a list has the wrong length. */
function valueBytes(name: string, a: ExrAttribute): Uint8Array {
  const out = new ByteWriter();
  switch (a.type) {
    case 'opaque':
      return a.bytes;
    case 'string':
      return bytesOf(a.value);
    case 'stringvector':
      for (const text of a.value) {
        const bytes = bytesOf(text);
        out.i32(bytes.length);
        out.put(bytes);
      }
      return out.done();
    case 'int':
      out.i32(a.value);
      return out.done();
    case 'float':
      out.f32(a.value);
      return out.done();
    case 'double':
      out.f64(a.value);
      return out.done();
    case 'rational':
      out.i32(a.value.num);
      out.u32(a.value.den);
      return out.done();
    case 'timecode':
      out.u32(a.value.time);
      out.u32(a.value.userData);
      return out.done();
    default: {
      const [count, kind] = LISTS[a.type];
      if (a.value.length !== count)
        throw new RangeError(`attributes.${name} (${a.type}) needs ${count} numbers, got ${a.value.length}`);
      for (const v of a.value) out[kind](v);
      return out.done();
    }
  }
}

/** Writes one attribute: name, type, size, value. */
export function writeAttribute(out: ByteWriter, name: string, attribute: ExrAttribute): void {
  const bytes = valueBytes(name, attribute);
  out.zeroText(name);
  out.zeroText(attribute.type === 'opaque' ? attribute.typeName : attribute.type);
  out.i32(bytes.length);
  out.put(bytes);
}

const FIXED: Record<string, number> = { int: 4, float: 4, double: 8, rational: 8, timecode: 8 };

/** Understands the bytes of a value; what it does not know, or finds in the wrong size, stays opaque. */
export function readValue(typeName: string, bytes: Uint8Array): ExrAttribute {
  const list = LISTS[typeName];
  if ((list ? 4 * list[0] : (FIXED[typeName] ?? bytes.length)) !== bytes.length)
    return { type: 'opaque', typeName, bytes: bytes.slice() };
  const from = new ByteReader(bytes);
  if (list) {
    const value = Array.from({ length: list[0] }, () => from[list[1]]());
    return { type: typeName as 'v2f', value };
  }
  switch (typeName) {
    case 'string':
      return { type: 'string', value: textOf(bytes) };
    case 'stringvector': {
      const value: string[] = [];
      while (from.at < bytes.length) value.push(textOf(from.take(from.i32())));
      return { type: 'stringvector', value };
    }
    case 'int':
      return { type: 'int', value: from.i32() };
    case 'float':
      return { type: 'float', value: from.f32() };
    case 'double':
      return { type: 'double', value: from.f64() };
    case 'rational':
      return { type: 'rational', value: { num: from.i32(), den: from.u32() } };
    case 'timecode':
      return { type: 'timecode', value: { time: from.u32(), userData: from.u32() } };
    default:
      return { type: 'opaque', typeName, bytes: bytes.slice() };
  }
}

/** Reads attributes up to the zero byte that ends a header. At most 64 MB and 10,000 of them. */
export function readAttributes(from: ByteReader): Map<string, { typeName: string; bytes: Uint8Array }> {
  const all = new Map<string, { typeName: string; bytes: Uint8Array }>();
  for (;;) {
    const name = from.zeroText(255);
    if (name === '') return all;
    const typeName = from.zeroText(255);
    const bytes = from.take(from.i32());
    if (all.size >= 10_000) damaged('its header has more than 10,000 attributes');
    all.set(name, { typeName, bytes });
  }
}
