import { anyWeights } from '../safetensors/errors.js';
import { GraphBuilder } from '../tensor/builder.js';
import type { Graph, Node } from '../tensor/node.js';
import { nodesOf } from '../tensor/node.js';
import type { Op } from '../tensor/ops.js';

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

/** No table of ours needs more than four; two rules that undo each other would never end. */
const MOST_ROUNDS = 12;

function pass(graph: Graph, rules: readonly Rule[]): { readonly graph: Graph; readonly changed: boolean } {
  const g = new GraphBuilder(anyWeights);
  const uses = new Map<Node, number>();
  const order = nodesOf(graph);
  for (const node of order) for (const s of node.sources) uses.set(s, (uses.get(s) ?? 0) + 1);
  for (const node of graph.outputs.values()) uses.set(node, Number.POSITIVE_INFINITY);
  const now = new Map<Node, Node>();
  const count = new Map<Node, number>();
  const fixedNodes = new Set<Node>();
  let changed = false;
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
    for (const r of rules) {
      const better = r.op === node.op ? r.apply(node, at) : undefined;
      if (better && better !== node) [node, changed] = [better, true];
    }
    now.set(old, node);
    count.set(node, (count.get(node) ?? 0) + (uses.get(old) ?? 0));
  }
  for (const [name, node] of graph.outputs) g.output(name, now.get(node)!);
  const built = g.build(graph.name);
  const alive = new Set(nodesOf(built));
  const taps = [...graph.taps].map(([name, node]) => [name, now.get(node)] as const);
  const kept = taps.filter((t): t is [string, Node] => !!t[1] && alive.has(t[1]));
  return { graph: Object.freeze({ ...built, taps: new Map(kept) }), changed };
}

/**
 * Applies a table of rules, sources before users, until nothing changes. Taps that a rule made superfluous are dropped:
 * ask for them as outputs first (`withTaps`) to keep them.
 */
export function rewrite(graph: Graph, rules: readonly Rule[]): Graph {
  let now = graph;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = pass(now, rules);
    now = next.graph;
    if (!next.changed) break;
  }
  return now;
}
