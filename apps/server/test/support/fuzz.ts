/** Requests made up from the OpenAPI description: mostly of the right shape with odd values, some of no shape at all. */

// biome-ignore lint/suspicious/noExplicitAny: a JSON schema is walked as it comes
type Schema = { readonly [key: string]: any };

/** A generator of pseudo-random numbers, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const ODD_TEXTS = [
  '',
  '..',
  '../../..',
  '/etc/passwd',
  '\0',
  'a\nb',
  '💥',
  'x'.repeat(5000),
  '%2e%2e%2f',
  "' or 1=1",
  '__proto__',
  '#',
  '{}',
];
const ODD_NUMBERS = [0, -1, 1, 0.5, 1e9, -1e9, 2 ** 31, 2 ** 53, 1e300, 1001, 1076];
const ODD_VALUES = [null, true, [], {}, 'text', 7, [[[]]], { a: { b: { c: 1 } } }];

/** One operation of the description. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly body: Schema | undefined;
}

/** All operations of a description, event streams left out because they do not end. */
export function operationsOf(api: Schema): Operation[] {
  return Object.entries(api.paths as Schema).flatMap(([path, methods]) =>
    Object.entries(methods as Schema)
      .filter(() => !path.endsWith('/events'))
      .map(([method, o]) => ({
        method: method.toUpperCase(),
        path,
        parameters: o.parameters ?? [],
        body: o.requestBody?.content['application/json']?.schema,
      })),
  );
}

/** A made-up request for an operation; `known` are values that exist, by the name of their parameter. */
export function madeUp(o: Operation, known: Readonly<Record<string, string>>, random: () => number) {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const text = () => (random() < 0.5 ? pick(ODD_TEXTS) : pick(Object.values(known)));
  const value = (s: Schema, depth = 0): unknown => {
    if (random() < 0.04 || depth > 8) return pick(ODD_VALUES);
    if (s.const !== undefined) return s.const;
    if (s.enum) return pick(s.enum);
    const some = s.anyOf ?? s.oneOf;
    if (some) return value(pick(some), depth + 1);
    switch (s.type) {
      case 'object':
        return Object.fromEntries(
          Object.entries((s.properties ?? {}) as Schema)
            .filter(([key]) => s.required?.includes(key) || random() < 0.5)
            .map(([key, of]) => [key, value(of, depth + 1)]),
        );
      case 'array':
        return s.prefixItems
          ? s.prefixItems.map((of: Schema) => value(of, depth + 1))
          : Array.from({ length: 1 + Math.floor(random() * 3) }, () => value(s.items ?? {}, depth + 1));
      case 'number':
      case 'integer':
        return random() < 0.5 ? pick(ODD_NUMBERS) : Math.floor(random() * 900);
      case 'boolean':
        return random() < 0.5;
      case 'string':
        return text();
      default:
        return pick(ODD_VALUES);
    }
  };
  const filled = (name: string) => (random() < 0.85 && known[name] !== undefined ? known[name] : text());
  const path = o.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(filled(name) as string));
  const query = o.parameters
    .filter((p) => p.in === 'query' && random() < 0.9)
    .map((p) => `${p.name}=${encodeURIComponent(filled(p.name) as string)}`)
    .join('&');
  const body = o.body && (random() < 0.03 ? '{"broken":' : JSON.stringify(value(o.body)));
  return { method: o.method, path: `/api${path}${query ? `?${query}` : ''}`, body };
}
