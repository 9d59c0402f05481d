/**
 * The length of one axis: a number, or a sum such as `4096*frames+4*pointers` of whole multiples of symbols.
 *
 * Symbolic lengths are kept as text in one canonical form (symbols by name, the constant last), so that two lengths are
 * equal exactly when they are `===`.
 */
export type Dim = number | string;

/** The lengths of all axes, outermost first. */
export type Shape = readonly Dim[];

type Terms = Map<string, number>;
const ONE = '';

const parse = (d: Dim): Terms => {
  if (typeof d === 'number') return new Map([[ONE, d]]);
  const terms: Terms = new Map();
  for (const part of d.split('+')) {
    const [, factor, symbol] = /^(?:(\d+)\*)?([A-Za-z_]\w*)$/.exec(part) ?? [];
    if (symbol) terms.set(symbol, (terms.get(symbol) ?? 0) + Number(factor ?? 1));
    else if (/^\d+$/.test(part)) terms.set(ONE, (terms.get(ONE) ?? 0) + Number(part));
    else throw new RangeError(`dim: ${JSON.stringify(d)} is no sum of whole multiples of symbols`);
  }
  return terms;
};

const write = (terms: Terms): Dim => {
  const constant = terms.get(ONE) ?? 0;
  const parts = [...terms]
    .filter(([symbol, factor]) => symbol !== ONE && factor !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbol, factor]) => (factor === 1 ? symbol : `${factor}*${symbol}`));
  if (parts.length === 0) return constant;
  return constant === 0 ? parts.join('+') : [...parts, String(constant)].join('+');
};

/** The canonical form of a length. Throws `RangeError` where it is no sum of whole multiples of symbols. */
export const canonical = (d: Dim): Dim => (typeof d === 'number' ? d : write(parse(d)));

/** The length of two axes laid one behind the other. */
export function plus(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const sum = parse(a);
  for (const [symbol, factor] of parse(b)) sum.set(symbol, (sum.get(symbol) ?? 0) + factor);
  return write(sum);
}

/** The number of positions in a plane of `a` by `b`. Throws `RangeError` where both are symbolic: no graph needs it. */
export function times(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (typeof a === 'string' && typeof b === 'string') throw new RangeError(`dim: (${a})*(${b}) is not linear`);
  const [factor, length] = typeof a === 'number' ? [a, b] : [b as number, a];
  return write(new Map([...parse(length)].map(([symbol, k]) => [symbol, k * factor])));
}

/** `a / b` where it is whole for every value of the symbols, else undefined. */
export function over(a: Dim, b: Dim): Dim | undefined {
  if (a === b) return 1;
  if (typeof b === 'string') {
    const [x, y] = [parse(a), parse(b)];
    const first = [...y][0]!;
    const ratio = (x.get(first[0]) ?? 0) / first[1];
    return Number.isInteger(ratio) && times(b, ratio) === a ? ratio : undefined;
  }
  const terms = [...parse(a)].map(([symbol, k]) => [symbol, k / b] as const);
  return b > 0 && terms.every(([, k]) => Number.isInteger(k)) ? write(new Map(terms)) : undefined;
}

/** The number of elements of a shape. */
export const elements = (shape: Shape): Dim => shape.reduce<Dim>(times, 1);

/** Whether two shapes agree in every axis. */
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((d, i) => d === b[i]);

/** A shape as people write it: `[frames, 4096, 64]`. */
export const shapeText = (shape: Shape): string => `[${shape.join(', ')}]`;
