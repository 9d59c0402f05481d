import type { Attributes } from './attributes.js';
import type { Op } from './ops.js';
import type { TensorType } from './type.js';

/** The values of a constant, row-major. */
export type ConstantData = Float32Array | BigInt64Array;

/**
 * One value of a graph: an operation, what it is applied to, and the type that follows from both.
 *
 * Nodes are frozen, and equal nodes of one builder are the same object: comparing is `===`, and a value that is asked for
 * twice is computed once.
 */
export interface Node {
  readonly op: Op;
  readonly sources: readonly Node[];
  readonly attributes: Attributes;
  readonly type: TensorType;
  /** The values, where `op` is `constant`. */
  readonly data?: ConstantData;
}

/** A finished graph. `taps` are named intermediates: not computed unless asked for as outputs. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Node[];
  readonly outputs: ReadonlyMap<string, Node>;
  readonly taps: ReadonlyMap<string, Node>;
}

/** Every node that the outputs need, sources first, in an order that depends on the graph alone. */
export function nodesOf(graph: Graph): Node[] {
  const seen = new Set<Node>();
  const visit = (root: Node) => {
    const stack: [node: Node, next: number][] = [[root, 0]];
    const open = new Set<Node>();
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const source = top[0].sources[top[1]++];
      if (source === undefined) {
        seen.add(top[0]);
        stack.pop();
      } else if (!seen.has(source) && !open.has(source)) {
        open.add(source);
        stack.push([source, 0]);
      }
    }
  };
  for (const input of graph.inputs) if (!seen.has(input)) visit(input);
  for (const output of graph.outputs.values()) if (!seen.has(output)) visit(output);
  return [...seen];
}

/** The same graph with these taps as further outputs. Throws `RangeError` on a name that is no tap. */
export function withTaps(graph: Graph, names: Iterable<string>): Graph {
  const outputs = new Map(graph.outputs);
  for (const name of names) {
    const node = graph.taps.get(name);
    if (!node) throw new RangeError(`taps: ${graph.name} has no intermediate named ${name}`);
    outputs.set(name, node);
  }
  return Object.freeze({ ...graph, outputs });
}
