import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';

/** An import of one file by another, type imports included: `line` is 1-based. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** A named stretch of a file: a function or an exported symbol. Lines are 1-based and inclusive. */
export interface Stretch {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/** What the checks need to know of one TypeScript file. */
export interface Source {
  /** Path relative to the repository root, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly functions: readonly Stretch[];
  /** Exported declarations without a doc comment directly above them. */
  readonly undocumented: readonly Stretch[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const isNode = (v: unknown): v is Node => typeof v === 'object' && v !== null && typeof (v as Node).type === 'string';
const idName = (v: unknown) => (isNode(v) && typeof v['name'] === 'string' ? v['name'] : undefined);

/** Every declared name of an exported declaration: one for functions and types, several for `const a = 1, b = 2`. */
function declaredNames(declaration: Node): string[] {
  const declarators = declaration['declarations'];
  if (Array.isArray(declarators)) return declarators.map((d: Node) => idName(d['id']) ?? '<pattern>');
  return [idName(declaration['id']) ?? '<default>'];
}

function* walk(node: Node, owner: string | undefined): Generator<[Node, string | undefined]> {
  yield [node, owner];
  const name = idName(node['id']) ?? idName(node['key']) ?? owner;
  for (const value of Object.values(node)) {
    if (isNode(value)) yield* walk(value, name);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) yield* walk(item, name);
  }
}

/** Reads one file for the checks. @throws Error with the parser's message when it is not TypeScript. */
export function readSource(root: string, path: string): Source {
  const text = readFileSync(`${root}/${path}`, 'utf8');
  const parsed = parseSync(path, text);
  if (parsed.errors.length) throw new Error(`${path}: ${parsed.errors[0]?.message}`);
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  const lineAt = (offset: number) => {
    let [lo, hi] = [0, starts.length];
    while (hi - lo > 1) {
      const mid = (lo + hi) >> 1;
      if (starts[mid]! <= offset) lo = mid;
      else hi = mid;
    }
    return lo + 1;
  };
  const stretch = (name: string, n: Node): Stretch => ({
    name,
    line: lineAt(n.start),
    lines: lineAt(n.end) - lineAt(n.start) + 1,
  });

  const program = parsed.program as unknown as Node;
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const imports: Import[] = staticImports.map((i) => ({ specifier: i.moduleRequest.value, line: lineAt(i.start) }));
  for (const e of staticExports) {
    const from = e.entries[0]?.moduleRequest;
    if (from) imports.push({ specifier: from.value, line: lineAt(e.start) });
  }
  for (const d of dynamicImports) {
    imports.push({ specifier: text.slice(d.moduleRequest.start + 1, d.moduleRequest.end - 1), line: lineAt(d.start) });
  }

  const functions: Stretch[] = [];
  for (const [node, owner] of walk(program, undefined)) {
    if (FUNCTIONS.has(node.type)) functions.push(stretch(idName(node['id']) ?? owner ?? '<anonymous>', node));
  }

  const docs = new Set(parsed.comments.filter((c) => c.type === 'Block' && c.value.startsWith('*')).map((c) => c.end));
  const documented = (start: number) => docs.has(text.slice(0, start).trimEnd().length);
  const undocumented: Stretch[] = [];
  const overloads = new Set<string>();
  for (const node of program['body'] as Node[]) {
    const declaration = node['declaration'];
    if (!node.type.startsWith('Export') || !isNode(declaration)) continue;
    const key = declaredNames(declaration).join();
    if (documented(node.start)) overloads.add(key);
    else if (!overloads.has(key)) undocumented.push(...declaredNames(declaration).map((n) => stretch(n, node)));
  }
  return { path, lines: starts.length, imports, functions, undocumented };
}
