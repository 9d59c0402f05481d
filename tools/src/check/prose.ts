import type { Problem } from './problem.js';
import type { Source } from './source.js';

/** Every exported symbol of the product carries a doc comment. */
export function checkProse(sources: readonly Source[]): Problem[] {
  return sources
    .filter((s) => /^(packages|apps)\/.*\/src\//.test(s.path))
    .flatMap((s) =>
      s.undocumented.map((u) => ({
        where: `${s.path}:${u.line}`,
        what: `${u.name} is exported without a doc comment`,
        fix: 'Say above it what it means, with shapes, units, errors and the source of the method.',
      })),
    );
}
