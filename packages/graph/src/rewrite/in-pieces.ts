import type { Node } from '../tensor/node.js';
import type { Rule } from './rewrite.js';

/** What one attention may cost at most in a runtime. */
export interface PieceLimits {
  /** Multiplications and additions for the scores of one head; default 2³¹ - 1. */
  readonly operations?: number;
  /** Keys to reckon with where their number is not fixed; default 32,768. */
  readonly keys?: number;
}

/**
 * Attention over its queries piece by piece, for runtimes of 32 bits: without its tiled kernel, which a browser does not have, ONNX Runtime
 * counts the operations of one head in 32 bits and refuses with an overflow where they are more, and it keeps all scores of the queries at hand in memory.
 * Rows of an attention do not depend on one another, so the result is the same.
 */
export function attentionInPieces({ operations = 2 ** 31 - 1, keys = 32_768 }: PieceLimits = {}): Rule {
  return {
    name: 'attention-in-pieces',
    why: 'Each query looks at the keys on its own: some queries at a time give the same rows.',
    op: 'attention',
    apply: (node, { g }) => {
      const [q, k, v] = node.sources as [Node, Node, Node];
      const heads = node.attributes.heads as number;
      const [queries, width] = [q.type.shape[1], q.type.shape[2]];
      if (typeof queries !== 'number' || typeof width !== 'number') return undefined;
      const known = k.type.shape[1];
      const most = typeof known === 'number' ? known : keys;
      const rows = Math.max(1, Math.floor(operations / ((2 * width * most) / heads)));
      if (queries <= rows) return undefined;
      const pieces = Math.ceil(queries / rows);
      const edges = Array.from({ length: pieces + 1 }, (_, i) => Math.round((i * queries) / pieces));
      return g.concat(
        edges.slice(1).map((to, i) => g.attention(g.slice(q, 1, edges[i]!, to), k, v, heads)),
        1,
      );
    },
  };
}
