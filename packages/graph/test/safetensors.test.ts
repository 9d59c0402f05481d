import { describe, expect, it } from 'vitest';
import {
  floatValues,
  headerLength,
  readHeader,
  WeightsError,
  type WeightsErrorCode,
  writeSafetensors,
} from '../src/index.js';

const file = (header: unknown, data = 0) => {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
};
const read = (bytes: Uint8Array) => readHeader(bytes.subarray(8, 8 + headerLength(bytes, bytes.length)), bytes.length);
const refusal = (bytes: Uint8Array): [WeightsErrorCode, string] => {
  try {
    read(bytes);
  } catch (e) {
    if (e instanceof WeightsError) return [e.code, e.message];
    throw e;
  }
  throw new Error('was accepted');
};
const tensor = (from: number, to: number, shape = [(to - from) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

describe('a .safetensors header', () => {
  it('gives each tensor its type, shape and place in the file', () => {
    const bytes = file({ __metadata__: { format: 'pt' }, b: tensor(8, 12, [2], 'BF16'), a: tensor(0, 8, [2, 1]) }, 12);
    const { tensors, metadata, headerBytes } = read(bytes);
    expect(metadata).toEqual({ format: 'pt' });
    expect(tensors.get('a')).toEqual({ dtype: 'f32', shape: [2, 1], offset: headerBytes, length: 8 });
    expect(tensors.get('b')).toEqual({ dtype: 'bf16', shape: [2], offset: headerBytes + 8, length: 4 });
  });

  it.each([
    ['nothing', new Uint8Array(3), 'WEIGHTS_TRUNCATED', '(header): expected at least 8 bytes, found 3 bytes'],
    [
      'a length beyond the file',
      file({}).subarray(0, 9),
      'WEIGHTS_TRUNCATED',
      '(header): expected 10 bytes with the header, found 9 bytes',
    ],
    [
      'a length beyond all limits',
      new Uint8Array(16).fill(255),
      'WEIGHTS_HEADER',
      '(header): expected a header of 2 to 100000000 bytes',
    ],
    ['no JSON', file('{"a":'), 'WEIGHTS_HEADER', '(header): expected JSON'],
    ['bytes that are no UTF-8', file(String.fromCharCode(0xd800)), 'WEIGHTS_HEADER', '(header): expected JSON'],
    ['a list', file([1]), 'WEIGHTS_HEADER', '(header): expected a JSON object, found [1]'],
    [
      'a foreign file',
      new TextEncoder().encode('\x89PNG\r\n\x1a\n and so on'),
      'WEIGHTS_HEADER',
      '(header): expected a header of',
    ],
    [
      'an unknown type',
      file({ a: tensor(0, 4, [1], 'Q4') }, 4),
      'WEIGHTS_DTYPE',
      'a: expected a known dtype, found Q4',
    ],
    [
      'the type of a property of objects',
      file({ a: tensor(0, 4, [1], 'constructor') }, 4),
      'WEIGHTS_DTYPE',
      'found constructor',
    ],
    [
      'a negative length',
      file({ a: tensor(0, 4, [-1]) }, 4),
      'WEIGHTS_HEADER',
      'a: expected a shape of whole numbers, found [-1]',
    ],
    [
      'falling offsets',
      file({ a: tensor(4, 0, [1]) }, 4),
      'WEIGHTS_HEADER',
      'a: expected two rising data_offsets, found [4,0]',
    ],
    [
      'more bytes than the shape holds',
      file({ a: tensor(0, 8, [1]) }, 8),
      'WEIGHTS_BOUNDS',
      'a: expected 4 bytes for F32 [1], found 8 bytes',
    ],
    ['a tensor behind the end', file({ a: tensor(0, 8, [2]) }, 4), 'WEIGHTS_TRUNCATED', 'a: expected bytes'],
    [
      'two tensors on one byte',
      file({ a: tensor(0, 8), b: tensor(4, 12) }, 12),
      'WEIGHTS_OVERLAP',
      'b: expected a start at byte',
    ],
    ['a gap', file({ a: tensor(0, 4), b: tensor(8, 12) }, 12), 'WEIGHTS_BOUNDS', 'b: expected a start at byte'],
    ['bytes that belong to nothing', file({ a: tensor(0, 4) }, 8), 'WEIGHTS_BOUNDS', '(header): expected a file of'],
    [
      'metadata that are no texts',
      file({ __metadata__: { a: 1 } }),
      'WEIGHTS_HEADER',
      '__metadata__: expected texts by name',
    ],
  ])('refuses %s', (_, bytes, code, message) => {
    const [found, text] = refusal(bytes as Uint8Array);
    expect(found).toBe(code);
    expect(text).toContain(message);
  });

  it('survives 2,000 mutated headers: each is read or refused by code', () => {
    const names = ['vision_encoder.neck.weight', 'a', 'b.bias', 'c'];
    const whole = writeSafetensors(
      new Map(names.map((name, i) => [name, { shape: [i + 1, 2], data: new Float32Array(2 * i + 2) }])),
    );
    let seed = 1;
    const random = (n: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * n);
    };
    const codes = new Set<string>();
    const length = Number(new DataView(whole.buffer).getBigUint64(0, true)) + 8;
    for (let round = 0; round < 2000; round++) {
      let bytes = whole.slice();
      for (let k = random(4); k >= 0; k--) {
        const at = random(length);
        const kind = random(5);
        if (kind === 0) bytes[at] = random(256);
        else if (kind === 1) bytes[at] ^= 1 << random(8);
        else if (kind === 2) bytes[at] = '0123456789,:[]{}"-.eE'.charCodeAt(random(21));
        else if (kind === 3) bytes = bytes.slice(0, random(bytes.length));
        else bytes.copyWithin(at, random(length), random(length));
        if (bytes.length === 0) break;
      }
      try {
        const { tensors } = read(bytes);
        for (const t of tensors.values()) expect(t.offset + t.length).toBeLessThanOrEqual(bytes.length);
        codes.add('read');
      } catch (e) {
        if (!(e instanceof WeightsError)) throw e;
        expect(e.facts.tensor && e.facts.expected && e.facts.found).toBeTruthy();
        codes.add(e.code);
      }
    }
    expect([...codes].sort()).toEqual(
      expect.arrayContaining(['WEIGHTS_BOUNDS', 'WEIGHTS_DTYPE', 'WEIGHTS_HEADER', 'WEIGHTS_TRUNCATED', 'read']),
    );
  });
});

describe('the values of a tensor', () => {
  const values = (dtype: string, bytes: number[]) => [
    ...floatValues('t', { dtype, shape: [], offset: 0, length: bytes.length }, Uint8Array.from(bytes)),
  ];

  it('are read from f32, f16 and bf16', () => {
    expect(values('f32', [0, 0, 0xc0, 0x3f])).toEqual([1.5]);
    expect(values('f16', [0, 0x3e, 0x01, 0x00, 0, 0xfc, 0, 0x80])).toEqual([
      1.5,
      2 ** -24,
      Number.NEGATIVE_INFINITY,
      -0,
    ]);
    expect(values('bf16', [0xc0, 0x3f, 0x80, 0xff])).toEqual([1.5, Number.NEGATIVE_INFINITY]);
  });

  it('come from the given bytes alone, also where those are a part of a larger buffer', () => {
    const pool = Buffer.from([9, 9, 9, 9, 0, 0, 0x80, 0x3f]);
    const entry = { dtype: 'f32', shape: [1], offset: 4, length: 4 };
    expect([...floatValues('t', entry, pool.subarray(4))]).toEqual([1]);
  });

  it('are refused where they are no floats or not all there', () => {
    expect(() => values('i64', [0])).toThrow('t: expected F32, F16 or BF16, found i64');
    const entry = { dtype: 'f32', shape: [2], offset: 0, length: 8 };
    expect(() => floatValues('t', entry, new Uint8Array(4))).toThrow('t: expected 8 bytes, found 4 bytes');
  });
});
