import { damaged } from '../bytes/byte-reader.js';

/** Symbols: the 16-bit values, and one above the largest that occurs, which repeats. */
const SYMBOLS = 65537;
/** Lengths from here on stand for runs of symbols that do not occur: 2 to 5 of them, and from 6 with a count of 8 bits. */
const [SHORT_RUN, LONG_RUN, SHORTEST_LONG_RUN] = [59, 63, 6];
/** A code of n bits needs at least the n-th Fibonacci number of values: longer ones than this occur in no picture, and 53 bits are exact here. */
const LONGEST = 50;
/** Codes of up to so many bits are looked up at once. */
const LOOKUP = 12;

/** Takes bits from bytes, the highest first; beyond the end come zeros. */
class Bits {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Up to 16 bits, without moving on. */
  peek(count: number): number {
    const byte = this.at >> 3;
    const b = this.#bytes;
    const three = ((b[byte] ?? 0) << 16) | ((b[byte + 1] ?? 0) << 8) | (b[byte + 2] ?? 0);
    return (three >> (24 - count - (this.at & 7))) & ((1 << count) - 1);
  }

  take(count: number): number {
    const value = this.peek(count);
    this.at += count;
    return value;
  }
}

/** Lengths of the codes of the symbols from `first` to `last`, 6 bits each, and where they end. */
function readLengths(packed: Uint8Array, first: number, last: number): { lengths: Uint8Array; end: number } {
  const lengths = new Uint8Array(SYMBOLS);
  const bits = new Bits(packed, 20 * 8);
  for (let symbol = first; symbol <= last; symbol++) {
    if (bits.at > packed.length * 8) damaged('a table of codes is cut short');
    const length = bits.take(6);
    if (length < SHORT_RUN) {
      lengths[symbol] = length;
      continue;
    }
    const run = length === LONG_RUN ? bits.take(8) + SHORTEST_LONG_RUN : length - SHORT_RUN + 2;
    if (symbol + run > last + 1) damaged('a table of codes is too long');
    symbol += run - 1;
  }
  return { lengths, end: (bits.at + 7) >> 3 };
}

/** A canonical code in which longer codes have smaller values: for each length its first code, and its symbols in order. */
class Code {
  readonly #first = new Float64Array(LONGEST + 1);
  readonly #count = new Uint32Array(LONGEST + 1);
  readonly #start = new Uint32Array(LONGEST + 1);
  readonly #symbols: Uint32Array;
  /** For each beginning of `LOOKUP` bits: symbol and length of the code it starts with, or 0. */
  readonly #table = new Uint32Array(1 << LOOKUP);

  /** `lengths` by symbol; only symbols from `first` to `last` have codes. */
  constructor(lengths: Uint8Array, first: number, last: number) {
    for (let symbol = first; symbol <= last; symbol++) {
      const length = lengths[symbol];
      if (length > LONGEST) damaged(`a code has ${length} bits`);
      if (length) this.#count[length]!++;
    }
    let code = 0;
    for (let length = LONGEST; length > 0; length--) {
      this.#first[length] = code;
      code = Math.floor((code + this.#count[length]!) / 2);
    }
    if (this.#first[1]! + this.#count[1]! > 2) damaged('its codes overlap');
    let at = 0;
    for (let length = 1; length <= LONGEST; length++) {
      this.#start[length] = at;
      at += this.#count[length]!;
    }
    this.#symbols = new Uint32Array(at);
    const next = this.#start.slice();
    for (let symbol = first; symbol <= last; symbol++) {
      const length = lengths[symbol]!;
      if (length) this.#symbols[next[length]!++] = symbol;
    }
    this.#fillTable();
  }

  #fillTable(): void {
    for (let length = 1; length <= LOOKUP; length++) {
      const span = 1 << (LOOKUP - length);
      for (let i = 0; i < this.#count[length]!; i++) {
        const from = (this.#first[length]! + i) * span;
        this.#table.fill(this.#symbols[this.#start[length]! + i]! * 64 + length, from, from + span);
      }
    }
  }

  /** The next symbol. */
  read(bits: Bits): number {
    const known = this.#table[bits.peek(LOOKUP)]!;
    if (known) {
      bits.at += known & 63;
      return known >>> 6;
    }
    let code = bits.take(LOOKUP);
    for (let length = LOOKUP + 1; length <= LONGEST; length++) {
      code = code * 2 + bits.take(1);
      const index = code - this.#first[length]!;
      if (index >= 0 && index < this.#count[length]!) return this.#symbols[this.#start[length]! + index]!;
    }
    return damaged('bits that are no code');
  }
}

/**
 * OpenEXR's Huffman coding of 16-bit values (ImfHuf.cpp), to exactly as many as `values` has room for. Layout: smallest and largest symbol, a length
 * that nobody needs, the number of bits, a reserved word, 4 bytes each; lengths of codes; codes. The largest symbol repeats the value before as often as the
 * 8 bits behind it say. Stops the decoder where the bytes are no such thing.
 */
export function unpackHuffman(packed: Uint8Array, values: Uint16Array): void {
  if (packed.length < 20) damaged('its codes are cut short');
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const [first, last, count] = [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(12, true)];
  if (first >= SYMBOLS || last >= SYMBOLS) damaged('a code stands for no value');
  const { lengths, end } = readLengths(packed, first, last);
  if (count > (packed.length - end) * 8) damaged('its codes are cut short');
  const code = new Code(lengths, first, last);
  const bits = new Bits(packed, end * 8);
  const stop = end * 8 + count;
  let to = 0;
  while (bits.at < stop) {
    const symbol = code.read(bits);
    if (symbol !== last) {
      if (to >= values.length) damaged('its codes are too many');
      values[to++] = symbol;
      continue;
    }
    const run = bits.take(8);
    if (to === 0 || to + run > values.length) damaged('a run of values is too long');
    values.fill(values[to - 1]!, to, to + run);
    to += run;
  }
  if (to !== values.length || bits.at !== stop) damaged(`its codes are ${to} values, not ${values.length}`);
}
