/** Little-endian numbers of so many bytes. */
const int = (value: number, bytes: number): Buffer => {
  const out = Buffer.alloc(bytes);
  out.writeUIntLE(value, 0, bytes);
  return out;
};

const text = (s: string) => Buffer.concat([Buffer.from('X'), int(Buffer.byteLength(s), 4), Buffer.from(s)]);
const number = (n: number) => Buffer.concat([Buffer.from('J'), int(n, 4)]);
const tuple = (items: readonly Buffer[]) => Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')]);
const global = (module: string, name: string) => Buffer.from(`c${module}\n${name}\n`);

/** `{"model": OrderedDict(...)}` as torch.save writes it, each tensor over a storage of its own. */
function pickle(shapes: ReadonlyMap<string, readonly number[]>): Buffer {
  const parts = [
    Buffer.from([0x80, 2]),
    Buffer.from('}'),
    text('model'),
    global('collections', 'OrderedDict'),
    Buffer.from(')R('),
  ];
  let key = 0;
  for (const [name, shape] of shapes) {
    const count = shape.reduce((a, b) => a * b, 1);
    const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
    const storage = tuple([
      text('storage'),
      global('torch', 'FloatStorage'),
      text(String(key++)),
      text('cpu'),
      number(count),
    ]);
    const hooks = Buffer.concat([global('collections', 'OrderedDict'), Buffer.from(')R')]);
    const args = [
      Buffer.concat([storage, Buffer.from('Q')]),
      number(0),
      tuple(shape.map(number)),
      tuple(strides.map(number)),
      Buffer.from([0x89]),
      hooks,
    ];
    parts.push(text(name), global('torch._utils', '_rebuild_tensor_v2'), tuple(args), Buffer.from('R'));
  }
  return Buffer.concat([...parts, Buffer.from('us.')]);
}

interface Entry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Little-endian numbers of 64 bits, one after the other. */
const longs = (...values: readonly number[]): Buffer => {
  const out = Buffer.alloc(8 * values.length);
  for (const [i, v] of values.entries()) out.writeBigUInt64LE(BigInt(v), 8 * i);
  return out;
};

const WIDE = 0xffffffff;

/**
 * A zip file of stored entries (digests left at 0, which no reader of checkpoints looks at). `wide`: sizes and places in the 64-bit fields of files above
 * 4 GB (APPNOTE.TXT, 4.3.14 to 4.5.3).
 */
function zip(entries: readonly Entry[], wide: boolean): Buffer {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const { name, bytes } of entries) {
    const { length } = bytes;
    const facts = (size: number, extra: number) => [
      ...[int(0, 2), int(0, 2), int(0, 4), int(0, 4)],
      ...[int(size, 4), int(size, 4), int(name.length, 2), int(extra, 2)],
    ];
    const local = Buffer.concat([int(0x04034b50, 4), int(20, 2), ...facts(length, 0), Buffer.from(name)]);
    const extra = wide ? Buffer.concat([int(1, 2), int(24, 2), longs(length, length, at)]) : Buffer.alloc(0);
    const head = [int(0x02014b50, 4), int(20, 2), int(20, 2), ...facts(wide ? WIDE : length, extra.length)];
    const tail = [int(0, 2), int(0, 2), int(0, 2), int(0, 4), int(wide ? WIDE : at, 4), Buffer.from(name), extra];
    directory.push(Buffer.concat([...head, ...tail]));
    files.push(local, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    at += local.length + length;
  }
  const central = Buffer.concat(directory);
  const { length: count } = entries;
  const record = [int(0x06064b50, 4), longs(44), int(45, 2), int(45, 2), int(0, 4), int(0, 4)];
  const locator = [int(0x07064b50, 4), int(0, 4), longs(at + central.length), int(1, 4)];
  const far = wide ? [...record, longs(count, count, central.length, at), ...locator] : [];
  const [n, size, place] = wide ? [0xffff, WIDE, WIDE] : [count, central.length, at];
  const end = [int(0x06054b50, 4), int(0, 4), int(n, 2), int(n, 2), int(size, 4), int(place, 4), int(0, 2)];
  return Buffer.concat([...files, central, ...far, ...end]);
}

/** A checkpoint (`.pt`) of float32 tensors that are all 0, as torch.save lays it out. */
export function torchFile(shapes: ReadonlyMap<string, readonly number[]>, wide = false): Buffer {
  const storages = [...shapes.values()].map((shape, i) => ({
    name: `archive/data/${i}`,
    bytes: new Uint8Array(4 * shape.reduce((a, b) => a * b, 1)),
  }));
  return zip([{ name: 'archive/data.pkl', bytes: pickle(shapes) }, ...storages], wide);
}
