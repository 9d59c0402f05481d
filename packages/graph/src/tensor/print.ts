import type { Attributes } from './attributes.js';
import { hashBytes, hashText } from './hash.js';
import { type Graph, type Node, nodesOf } from './node.js';
import { typeText } from './type.js';

const argument = (attributes: Attributes) =>
  Object.entries(attributes)
    .map(([key, value]) => ` ${key}=${Array.isArray(value) ? `[${value.join(',')}]` : value}`)
    .join('');

/** `tensor`, `tensor[from:to]`, and the axes it is seen with where they are not the file's own. */
export const weightName = (a: Attributes): string =>
  `${a.tensor}${a.from === undefined ? '' : `[${a.from}:${a.to}]`}${a.view ? `:${(a.view as readonly number[]).join('x')}` : ''}`;

/** Weights, constants and inputs are written where they are used; they need no line of their own. */
function leaf(node: Node): string | undefined {
  const a = node.attributes;
  if (node.op === 'input') return String(a.name);
  if (node.op === 'weight') return weightName(a);
  if (node.op !== 'constant') return undefined;
  const { data } = node;
  return data!.length === 1 ? String(data![0]) : `#${hashBytes(data!)}:${typeText(node.type)}`;
}

/**
 * A graph as text, one line a node: number, operation, sources, arguments, type, and the name where it has one. Equal
 * texts are equal graphs, whatever file the weights come from.
 */
export function printGraph(graph: Graph): string {
  const taps = new Map([...graph.taps].map(([name, node]) => [node, name]));
  const names = new Map<Node, string>();
  const lines = [`graph ${graph.name}`];
  let count = 0;
  for (const node of graph.inputs) lines.push(`  in  ${node.attributes.name}: ${typeText(node.type)}`);
  for (const node of nodesOf(graph)) {
    const short = leaf(node);
    const name = short ?? `%${++count}`;
    names.set(node, name);
    if (node.op === 'input' || node.op === 'constant') continue;
    if (node.op === 'weight') {
      lines.push(`  w   ${name}: ${typeText(node.type)}`);
      continue;
    }
    const sources = node.sources.map((s) => names.get(s)).join(', ');
    const tap = taps.get(node);
    const right = `${typeText(node.type)}${tap ? `  ; ${tap}` : ''}`;
    lines.push(`  ${name} = ${node.op}(${sources})${argument(node.attributes)}: ${right}`);
  }
  for (const [name, node] of graph.outputs) lines.push(`  out ${name} = ${names.get(node)}: ${typeText(node.type)}`);
  return `${lines.join('\n')}\n`;
}

/** The fingerprint of what a graph computes: its text without the names of taps. Tests replay it, so that a change shows. */
export const graphHash = (graph: Graph): string => hashText(printGraph({ ...graph, taps: new Map() }));
