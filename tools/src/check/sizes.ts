import type { Problem } from './problem.js';
import type { Source } from './source.js';

const FILE_STOP = 600;
const FILE_LARGE = 400;
const FUNCTION_LARGE = 60;
const FUNCTION_STOP = 120;

/** Functions over 60 lines that are one long table or one hot loop, each with its reason. */
const LONG_FOR_A_REASON: Readonly<Record<string, string>> = {};

const percentile = (sorted: readonly number[], p: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0;

/** Sizes as a smell alarm: 95 % of files under 400 lines, none over 600, a reason for each long function. */
export function checkSizes(sources: readonly Source[]): Problem[] {
  const product = sources.filter((s) => /^(packages|apps)\/.*\/src\//.test(s.path));
  const problems: Problem[] = [];
  for (const s of product) {
    if (s.lines > FILE_STOP)
      problems.push({ where: s.path, what: `${s.lines} lines, more than ${FILE_STOP}`, fix: 'Split it by idea.' });
    for (const f of s.functions) {
      const key = `${s.path}#${f.name}`;
      if (f.lines <= FUNCTION_LARGE || (LONG_FOR_A_REASON[key] && f.lines <= FUNCTION_STOP)) continue;
      problems.push({
        where: `${s.path}:${f.line}`,
        what: `${f.name} has ${f.lines} lines, more than ${FUNCTION_LARGE}`,
        fix: 'Extract a step with a name, or give the reason in tools/src/check/sizes.ts.',
      });
    }
  }
  const large = product.filter((s) => s.lines > FILE_LARGE).length;
  if (large > product.length * 0.05)
    problems.push({
      where: 'packages',
      what: `${large} of ${product.length} files exceed ${FILE_LARGE} lines`,
      fix: 'Keep 95 % below.',
    });
  return problems;
}

/** One line of figures for people: how large the product's files and functions are. */
export function describeSizes(sources: readonly Source[]): string {
  const product = sources.filter((s) => /^(packages|apps)\/.*\/src\//.test(s.path));
  const up = (a: number, b: number) => a - b;
  const files = product.map((s) => s.lines).sort(up);
  const functions = product.flatMap((s) => s.functions.map((f) => f.lines)).sort(up);
  return (
    `${files.length} files, lines: median ${percentile(files, 0.5)}, 95 % ${percentile(files, 0.95)}, most ${files.at(-1) ?? 0}; ` +
    `${functions.length} functions: median ${percentile(functions, 0.5)}, 95 % ${percentile(functions, 0.95)}, most ${functions.at(-1) ?? 0}`
  );
}
