import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The evaluation data, which lies beside the repository where it is present. */
export const DATA = resolve(import.meta.dirname, '../../../../../shared/data');

/** What tests on a part of the evaluation footage lack; undefined when it is there. */
export const dataMissing = (part: string): string | undefined =>
  existsSync(resolve(DATA, part)) ? undefined : `the evaluation footage ${part} in ../shared/data`;
