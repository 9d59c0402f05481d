import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The evaluation data, which lies beside the repository where it is present. */
export const DATA = resolve(import.meta.dirname, '../../../../../shared/data');

/** Why tests on a part of the evaluation data cannot run; undefined when they can. */
export const dataMissing = (part: string): string | undefined =>
  existsSync(resolve(DATA, part)) ? undefined : `the evaluation data ${part} are not beside the repository`;
