import { join } from 'node:path';

/** Where a file of a model is and what lies beside it while it comes. */
export interface Place {
  readonly folder: string;
  /** The file under its final name: there only when whole and verified. */
  readonly file: string;
  /** The bytes that came so far. */
  readonly part: string;
  /** What is known of the file that those bytes belong to (JSON). */
  readonly partFacts: string;
  /** Held by the process that is pulling it. */
  readonly lock: string;
}

/** The place of a model's file below the folder of all models. */
export function placeOf(root: string, model: string, file: string): Place {
  const folder = join(root, model);
  const path = join(folder, file);
  return { folder, file: path, part: `${path}.part`, partFacts: `${path}.part.json`, lock: `${path}.pulling` };
}

/** The file that pins the digest of every model file ever seen. */
export const pinsPath = (root: string): string => join(root, 'models.lock.json');
