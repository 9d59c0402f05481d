import type { Attributes } from './attributes.js';
import { GraphError } from './errors.js';
import type { Graph, Node } from './node.js';
import { nodesOf } from './node.js';
import { OPS, type Op, type OpSpec } from './ops.js';
import { type TensorType, typeText } from './type.js';

/** The type that the specification gives an operation. Throws `GraphError` naming `where`, the operation and its sources. */
export function inferType(where: string, op: Op, sources: readonly Node[], attributes: Attributes): TensorType {
  const what = () => `${op}(${sources.map((s) => `${s.op} ${typeText(s.type)}`).join(', ')})`;
  const spec: OpSpec | undefined = OPS[op];
  if (!spec) throw new GraphError(where, String(op), 'there is no such operation');
  const [fewest, most] = spec.sources;
  if (sources.length < fewest || sources.length > most)
    throw new GraphError(where, what(), `takes ${fewest === most ? fewest : `${fewest} to ${most}`} sources`);
  try {
    return spec.infer(
      sources.map((s) => s.type),
      attributes,
    );
  } catch (e) {
    if (e instanceof RangeError) throw new GraphError(where, what(), e.message);
    throw e;
  }
}

/** Checks every node of a graph against the specification. Throws the first `GraphError`, naming the nearest tap above. */
export function checkGraph(graph: Graph): void {
  const names = new Map([...graph.taps, ...graph.outputs].map(([name, node]) => [node, name]));
  let near = graph.name;
  for (const node of nodesOf(graph)) {
    near = names.get(node) ?? near;
    const type = inferType(near, node.op, node.sources, node.attributes);
    if (typeText(type) !== typeText(node.type))
      throw new GraphError(near, node.op, `is said to be ${typeText(node.type)} and is ${typeText(type)}`);
  }
  for (const input of graph.inputs)
    if (input.op !== 'input') throw new GraphError(graph.name, input.op, 'is listed as an input');
}
