import type { Dim } from './dim.js';
import { type Graph, type Node, nodesOf } from './node.js';

/** Counts of a graph: nodes, numbers of parameters, and bytes of the tables that the model carries itself. */
export interface GraphSize {
  readonly nodes: number;
  readonly parameters: number;
  readonly constantBytes: number;
}

const length = (d: Dim, symbols: Readonly<Record<string, number>>): number => {
  if (typeof d === 'number') return d;
  return d.split('+').reduce((sum, part) => {
    const [factor, symbol] = part.includes('*') ? [Number(part.split('*')[0]), part.split('*')[1]!] : [1, part];
    const value = /^\d+$/.test(symbol) ? Number(symbol) : symbols[symbol];
    if (value === undefined) throw new RangeError(`symbols: ${symbol} of ${d} has no value`);
    return sum + factor * value;
  }, 0);
};

/** How large a graph is. */
export function graphSize(graph: Graph): GraphSize {
  const nodes = nodesOf(graph);
  const sum = (op: string, of: (n: Node) => number) => nodes.filter((n) => n.op === op).reduce((s, n) => s + of(n), 0);
  return {
    nodes: nodes.length,
    parameters: sum('weight', (n) => n.type.shape.reduce<number>((a, d) => a * length(d, {}), 1)),
    constantBytes: sum('constant', (n) => n.data!.byteLength),
  };
}

/**
 * Floating-point operations of one run in the matrix products, attentions and convolutions (a multiplication and an addition are
 * two): everything else is small beside them. `symbols` give the lengths that are known at run time only. What depends on weights
 * alone is not counted: the runtime computes it once.
 */
export function graphFlops(graph: Graph, symbols: Readonly<Record<string, number>> = {}): number {
  const fixed = new Set<Node>();
  let total = 0;
  for (const node of nodesOf(graph)) {
    const given = node.op === 'weight' || node.op === 'constant';
    if (given || (node.sources.length > 0 && node.sources.every((s) => fixed.has(s)))) fixed.add(node);
    else total += flopsOf(node, symbols);
  }
  return total;
}

function flopsOf({ op, type, sources }: Node, symbols: Readonly<Record<string, number>>): number {
  const size = (n: Node | { type: Node['type'] }) => n.type.shape.reduce<number>((a, d) => a * length(d, symbols), 1);
  if (op === 'linear' || op === 'linear8' || op === 'columns')
    return 2 * size({ type }) * length(sources[1]!.type.shape[1]!, symbols);
  if (op === 'matmul') return 2 * size({ type }) * length(sources[0]!.type.shape.at(-1)!, symbols);
  if (op === 'conv') return (2 * size({ type }) * size(sources[1]!)) / length(sources[1]!.type.shape[0]!, symbols);
  if (op !== 'attention') return 0;
  const [q, k, v] = sources as [Node, Node, Node];
  const keys = length(k.type.shape[1]!, symbols);
  return 2 * keys * (size(q) + (size(q) / length(q.type.shape[2]!, symbols)) * length(v.type.shape[2]!, symbols));
}
