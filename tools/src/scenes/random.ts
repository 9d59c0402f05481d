/** A seeded stream of numbers. The same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  range(low: number, high: number): number;
  /** Uniform whole number in [low, high). */
  int(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Standard normal. */
  normal(): number;
  /** One of the values, all equally likely. */
  pick<T>(values: readonly T[]): T;
  /** A whole number that seeds another stream. */
  seed(): number;
}

/** splitmix32: turns a seed into well-mixed 32-bit words (Steele et al., OOPSLA 2014, 32-bit constants by Bryc). */
function mixer(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/** Opens the stream of a seed: the small fast counting generator sfc32 of Doty-Humphrey's PractRand. */
export function random(seed: number): Random {
  const mix = mixer(seed);
  let a = mix();
  let b = mix();
  let c = mix();
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  const next = () => word() / 4294967296;
  return {
    next,
    range: (low, high) => low + (high - low) * next(),
    int: (low, high) => Math.floor(low + (high - low) * next()),
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(next() + 1e-12)) * Math.cos(2 * Math.PI * next()),
    pick: (values) => values[Math.floor(next() * values.length)],
    seed: word,
  };
}
