import { anyWeights } from '../safetensors/errors.js';
import { GraphBuilder } from '../tensor/builder.js';
import type { Graph, Node } from '../tensor/node.js';
import { nodesOf } from '../tensor/node.js';
import type { Op } from '../tensor/ops.js';
import { graphHash } from '../tensor/print.js';

/** What a rule may ask and use while it looks at one node. */
export interface Rewriting {
  readonly g: GraphBuilder;
  /** Whether exactly one node needs this value and it is no output: only then does replacing it save work. */
  readonly single: (node: Node) => boolean;
  /** Whether the value is fixed before any run: weights, constants and what follows from them. */
  readonly fixed: (node: Node) => boolean;
}

/** One row of a table of rewrites: an operation to look at, and what stands in its place where the pattern holds. */
export interface Rule {
  readonly name: string;
  /** Why the replacement computes the same, and what it saves. */
  readonly why: string;
  readonly op: Op;
  readonly apply: (node: Node, at: Rewriting) => Node | undefined;
}

function pass(graph: Graph, rules: readonly Rule[]): Graph {
  const g = new GraphBuilder(anyWeights);
  const uses = new Map<Node, number>();
  const order = nodesOf(graph);
  for (const node of order) for (const s of node.sources) uses.set(s, (uses.get(s) ?? 0) + 1);
  for (const node of graph.outputs.values()) uses.set(node, Number.POSITIVE_INFINITY);
  const now = new Map<Node, Node>();
  const count = new Map<Node, number>();
  const fixedNodes = new Set<Node>();
  const fixed = (node: Node): boolean => {
    if (fixedNodes.has(node)) return true;
    const is = node.op === 'weight' || node.op === 'constant' || (node.sources.length > 0 && node.sources.every(fixed));
    if (is) fixedNodes.add(node);
    return is;
  };
  const at: Rewriting = { g, fixed, single: (node) => count.get(node) === 1 };
  for (const old of order) {
    const sources = old.sources.map((s) => now.get(s)!);
    let node =
      old.op === 'input'
        ? g.input(String(old.attributes.name), old.type.shape, old.type.dtype)
        : g.make(old.op, sources, old.attributes, old.data);
    for (const r of rules) if (r.op === node.op) node = r.apply(node, at) ?? node;
    now.set(old, node);
    count.set(node, (count.get(node) ?? 0) + (uses.get(old) ?? 0));
  }
  for (const [name, node] of graph.outputs) g.output(name, now.get(node)!);
  const built = g.build(graph.name);
  const alive = new Set(nodesOf(built));
  const taps = [...graph.taps].map(([name, node]) => [name, now.get(node)] as const);
  return Object.freeze({ ...built, taps: new Map(taps.filter((t): t is [string, Node] => !!t[1] && alive.has(t[1]))) });
}

/**
 * Applies a table of rules, sources before users, until nothing changes. Taps that a rule made superfluous are dropped:
 * ask for them as outputs first (`withTaps`) to keep them.
 */
export function rewrite(graph: Graph, rules: readonly Rule[]): Graph {
  let before = graphHash(graph);
  let now = graph;
  for (let round = 0; round < 12; round++) {
    now = pass(now, rules);
    const after = graphHash(now);
    if (after === before) break;
    before = after;
  }
  return now;
}
