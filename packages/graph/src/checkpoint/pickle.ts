import { refuse } from '../safetensors/errors.js';

/** What a pickle may name: nothing of it is ever imported. */
export interface PickledGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** A fixed row of values. */
export interface PickledTuple {
  readonly kind: 'tuple';
  readonly items: readonly Pickled[];
}

/** Something of the reader's own that a call or a persistent reference came to. */
export interface PickledObject {
  readonly kind: 'object';
  readonly value: unknown;
}

/** What a pickle can hold here. Dictionaries are maps, in their order; whole numbers beyond 2^53 are bigints. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Pickled[]
  | Map<Pickled, Pickled>
  | PickledTuple
  | PickledGlobal
  | PickledObject;

/** What the pickle may name and what comes of it. Each throws `WeightsError` for what is not allowed. */
export interface PickleRules {
  /** Whether a name, `module name`, may appear at all. */
  allows(name: string): boolean;
  /** What an allowed name makes of its arguments. No code of the file runs. */
  call(name: string, args: readonly Pickled[]): Pickled;
  /** What a persistent reference stands for. */
  persistent(reference: Pickled): Pickled;
}

const MARK = Symbol('mark');
type Slot = Pickled | typeof MARK;

const PICKLE = '(pickle)';
/** Values on the stack at once: a list of 100,000 names is far above any checkpoint. */
const MOST_SLOTS = 1_000_000;
/** Values that the memo keeps. */
const MOST_MEMOS = 1_000_000;

const damaged = (expected: string, found: string): never => refuse('WEIGHTS_PICKLE', PICKLE, expected, found);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The state of one reading: stack, memo, place. Bounds are checked where things grow. */
class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly rules: PickleRules;
  readonly stack: Slot[] = [];
  readonly memo = new Map<number, Pickled>();
  at = 0;

  constructor(bytes: Uint8Array, rules: PickleRules) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.rules = rules;
  }

  /** The next `n` bytes. */
  take(n: number): Uint8Array {
    if (!(n >= 0) || this.at + n > this.#bytes.length) damaged(`${n} bytes at byte ${this.at}`, 'the end');
    this.at += n;
    return this.#bytes.subarray(this.at - n, this.at);
  }

  u8 = (): number => this.take(1)[0]!;
  u16 = (): number => this.#number(2, (at) => this.#view.getUint16(at, true));
  i32 = (): number => this.#number(4, (at) => this.#view.getInt32(at, true));
  u32 = (): number => this.#number(4, (at) => this.#view.getUint32(at, true));
  u64 = (): number => this.#number(8, (at) => Number(this.#view.getBigUint64(at, true)));
  f64 = (): number => this.#number(8, (at) => this.#view.getFloat64(at, false));

  #number(bytes: number, get: (at: number) => number): number {
    this.take(bytes);
    return get(this.at - bytes);
  }

  /** Text of `n` bytes. */
  text(n: number): string {
    try {
      return utf8.decode(this.take(n));
    } catch (error) {
      if (error instanceof TypeError) return damaged('UTF-8', `something else at byte ${this.at}`);
      throw error;
    }
  }

  /** Up to the end of the line, which is skipped. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.at);
    const text = this.text((end < 0 ? this.#bytes.length : end) - this.at);
    this.take(1);
    return text;
  }

  push(value: Slot): void {
    if (this.stack.length >= MOST_SLOTS) damaged(`up to ${MOST_SLOTS} values at once`, 'more');
    this.stack.push(value);
  }

  pop(): Pickled {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) return damaged('a value', value === MARK ? 'a mark' : 'an empty stack');
    return value;
  }

  top(): Pickled {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  /** What was pushed since the last mark, which goes too. */
  sinceMark(): Pickled[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) damaged('a mark', 'none');
    const items = this.stack.splice(mark);
    return items.slice(1) as Pickled[];
  }

  remember(key: number): void {
    if (this.memo.size >= MOST_MEMOS) damaged(`up to ${MOST_MEMOS} remembered values`, 'more');
    this.memo.set(key, this.top());
  }

  recall(key: number): void {
    if (!this.memo.has(key)) damaged(`a value remembered as ${key}`, 'none');
    this.push(this.memo.get(key)!);
  }

  global(module: string, name: string): void {
    const full = `${module} ${name}`;
    if (!this.rules.allows(full))
      refuse('WEIGHTS_UNSAFE', PICKLE, 'tensors and plain values only', `${module}.${name}, which would run code`);
    this.push({ kind: 'global', name: full });
  }

  /** A call of what was named, by the rules. */
  call(args: Pickled): void {
    const callee = this.pop();
    if (isKind(callee, 'global') && isKind(args, 'tuple')) this.push(this.rules.call(callee.name, args.items));
    else damaged('a name and its arguments', 'something else');
  }

  set(items: readonly Pickled[]): void {
    const target = this.top();
    if (target instanceof Map && items.length % 2 === 0)
      for (let i = 0; i < items.length; i += 2) target.set(items[i]!, items[i + 1]!);
    else damaged('a dictionary and pairs', 'something else');
  }

  append(items: readonly Pickled[]): void {
    const target = this.top();
    if (Array.isArray(target)) for (const item of items) target.push(item);
    else damaged('a list', 'something else');
  }
}

/** Whether a value is a tuple, a name or an object of the reader. */
export const isKind = <K extends 'tuple' | 'global' | 'object'>(
  value: Pickled,
  kind: K,
): value is Extract<Pickled, { readonly kind: K }> =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;

/** A little-endian two's complement number of any length up to 8 bytes. */
function longOf(bytes: Uint8Array): number | bigint {
  if (bytes.length > 8) return damaged('a whole number of up to 8 bytes', `one of ${bytes.length}`);
  let value = 0n;
  for (const [i, b] of bytes.entries()) value |= BigInt(b) << BigInt(8 * i);
  value = BigInt.asIntN(8 * bytes.length, value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const tuple = (items: readonly Pickled[]): PickledTuple => ({ kind: 'tuple', items });
const several = (m: Machine, n: number): Pickled[] => Array.from({ length: n }, () => m.pop()).reverse();

/** The operations that are read, by their byte, as Lib/pickletools.py of Python describes them. */
const OPERATIONS: ReadonlyMap<number, (m: Machine) => void> = new Map(
  Object.entries({
    '(': (m) => m.push(MARK),
    0: (m) => void m.pop(),
    1: (m) => void m.sinceMark(),
    2: (m) => m.push(m.top()),
    N: (m) => m.push(null),
    '\x88': (m) => m.push(true),
    '\x89': (m) => m.push(false),
    K: (m) => m.push(m.u8()),
    M: (m) => m.push(m.u16()),
    J: (m) => m.push(m.i32()),
    G: (m) => m.push(m.f64()),
    '\x8a': (m) => m.push(longOf(m.take(m.u8()))),
    '\x8b': (m) => m.push(longOf(m.take(m.i32()))),
    X: (m) => m.push(m.text(m.u32())),
    '\x8c': (m) => m.push(m.text(m.u8())),
    '\x8d': (m) => m.push(m.text(m.u64())),
    U: (m) => m.push(m.text(m.u8())),
    T: (m) => m.push(m.text(m.i32())),
    B: (m) => m.push(m.take(m.u32())),
    C: (m) => m.push(m.take(m.u8())),
    ')': (m) => m.push(tuple([])),
    '\x85': (m) => m.push(tuple(several(m, 1))),
    '\x86': (m) => m.push(tuple(several(m, 2))),
    '\x87': (m) => m.push(tuple(several(m, 3))),
    t: (m) => m.push(tuple(m.sinceMark())),
    ']': (m) => m.push([]),
    l: (m) => m.push(m.sinceMark()),
    a: (m) => m.append([m.pop()]),
    e: (m) => m.append(m.sinceMark()),
    '}': (m) => m.push(new Map()),
    d: (m) => {
      const items = m.sinceMark();
      m.push(new Map());
      m.set(items);
    },
    s: (m) => m.set(several(m, 2)),
    u: (m) => m.set(m.sinceMark()),
    q: (m) => m.remember(m.u8()),
    r: (m) => m.remember(m.u32()),
    '\x94': (m) => m.remember(m.memo.size),
    h: (m) => m.recall(m.u8()),
    j: (m) => m.recall(m.u32()),
    c: (m) => m.global(m.line(), m.line()),
    '\x93': (m) => {
      const [module, name] = several(m, 2);
      if (typeof module !== 'string' || typeof name !== 'string') return damaged('two names', 'something else');
      m.global(module, name);
    },
    R: (m) => m.call(m.pop()),
    Q: (m) => m.push(m.rules.persistent(m.pop())),
    // What a dictionary of weights carries beside its entries (`_metadata`): read past.
    b: (m) => {
      m.pop();
      if (!(m.top() instanceof Map)) damaged('attributes of a dictionary', 'attributes of something else');
    },
    '\x95': (m) => void m.u64(),
  } satisfies Record<string, (m: Machine) => void>).map(([op, act]) => [op.charCodeAt(0), act]),
);

const [PROTOCOL, STOP] = [0x80, '.'.charCodeAt(0)];

/**
 * The one value of a pickle (protocols 2 to 5), as far as checkpoints need it. Names are compared with the rules' list, never imported; calls and
 * persistent references are answered by the rules. Memory is bounded by the bytes given.
 * @throws WeightsError WEIGHTS_UNSAFE for a name that is not allowed, WEIGHTS_PICKLE for everything else that is wrong.
 */
export function readPickle(bytes: Uint8Array, rules: PickleRules): Pickled {
  const m = new Machine(bytes, rules);
  if (m.u8() !== PROTOCOL) damaged('a pickle of protocol 2 or later', 'something else');
  const protocol = m.u8();
  if (protocol < 2 || protocol > 5) damaged('a pickle of protocol 2 to 5', `protocol ${protocol}`);
  for (;;) {
    const at = m.at;
    const op = m.u8();
    if (op === STOP) break;
    const act = OPERATIONS.get(op);
    if (!act) return damaged('an operation that checkpoints use', `0x${op.toString(16)} at byte ${at}`);
    act(m);
  }
  const value = m.pop();
  if (m.stack.length) damaged('one value', `${m.stack.length + 1}`);
  return value;
}
