import { posix } from 'node:path';
import type { Problem } from './problem.js';
import type { Source } from './source.js';

/** No file reaches itself through imports, type imports included (Tarjan's strongly connected components). */
export function checkCycles(sources: readonly Source[]): Problem[] {
  const byPath = new Map(sources.map((s) => [s.path, s]));
  const edges = (s: Source) =>
    s.imports
      .filter((i) => i.specifier.startsWith('.'))
      .map((i) => posix.join(posix.dirname(s.path), i.specifier).replace(/\.js$/, '.ts'))
      .map((p) => (byPath.has(p) ? p : `${p}x`))
      .filter((p) => byPath.has(p));

  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const problems: Problem[] = [];
  const visit = (path: string) => {
    order.set(path, order.size);
    low.set(path, order.get(path)!);
    stack.push(path);
    for (const next of edges(byPath.get(path)!)) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(path, Math.min(low.get(path)!, low.get(next)!));
    }
    if (low.get(path) !== order.get(path)) return;
    const ring = stack.splice(stack.indexOf(path));
    if (ring.length > 1 || edges(byPath.get(path)!).includes(path)) {
      problems.push({
        where: path,
        what: `import cycle of ${ring.length}: ${ring.join(' -> ')}`,
        fix: 'Move what both need into a file below them.',
      });
    }
  };
  for (const s of sources) if (!order.has(s.path)) visit(s.path);
  return problems;
}
