import { ERROR_CODES, RotokitError } from '@rotokit/core/values';

/** The pages of docs/ that are made from code: path relative to the root, and text. */
export async function generatedDocs(_root: string): Promise<ReadonlyMap<string, string>> {
  return new Map([['docs/errors.md', errorPage()]]);
}

function errorPage(): string {
  const rows = ERROR_CODES.map((code) => {
    const e = new RotokitError(code);
    return `| \`${code}\` | ${e.message} | ${e.fix} |`;
  });
  return [
    '# Errors',
    '',
    'Every refusal has a code that scripts may branch on, a message that says what and where, and a fix. `<name>` stands for a',
    'fact of the case. The page is made from the table in `packages/core/src/values/errors.ts`.',
    '',
    '| code | what happened | what to do |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
