/**
 * Writes the protocol-buffer wire format: varints, floats, and length-delimited fields. A message is the list of its
 * encoded fields; nested messages are made first.
 */
export type Message = Uint8Array[];

/** One byte a number below 128, which most of them are. */
const SHORT = Array.from({ length: 128 }, (_, i) => Uint8Array.of(i));

function varint(value: bigint | number): Uint8Array {
  if (typeof value === 'number' && value >= 0 && value < 128) return SHORT[value]!;
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest ? low | 0x80 : low);
  } while (rest);
  return Uint8Array.from(bytes);
}

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
};

/** A whole number, signed numbers as two's complement. */
export const integer = (field: number, value: bigint | number): Uint8Array => join([varint(field << 3), varint(value)]);

/** A 32-bit float. */
export function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([varint((field << 3) | 5), bytes]);
}

/** Raw bytes. */
export const bytes = (field: number, value: Uint8Array): Uint8Array =>
  join([varint((field << 3) | 2), varint(value.length), value]);

const UTF8 = new TextEncoder();

/** Text as UTF-8. */
export const text = (field: number, value: string): Uint8Array => bytes(field, UTF8.encode(value));

/** Whole numbers in one packed field. */
export const integers = (field: number, values: readonly (bigint | number)[]): Uint8Array =>
  bytes(field, join(values.map(varint)));

/** A nested message. */
export const message = (field: number, fields: Message): Uint8Array => bytes(field, join(fields));

/** The outermost message. */
export const encode = (fields: Message): Uint8Array => join(fields);
