import { isRotokitError } from '@rotokit/core/values';
import { engineChoiceOf, type Roto } from 'rotokit';
import type { EngineChoice, EngineInForce, ObjectState, ProjectState } from '../api/index.js';

/** Which engine counts for the project, and for each object by its identity. */
export interface EnginesInForce {
  readonly project: ProjectState['engine'];
  readonly objects: ReadonlyMap<string, ObjectState['engine']>;
}

/** Asks which engines count now; one that cannot be used is told as that, so that the project can be looked at and another one chosen. */
export async function enginesInForce(roto: Roto): Promise<EnginesInForce> {
  const objects = new Map<string, ObjectState['engine']>();
  for (const { id, engine } of roto.project.objects()) {
    const own = engineChoiceOf(engine);
    objects.set(id, { ...(await inForce(roto, id)), ...(own ? { own: own as EngineChoice } : {}) });
  }
  return { project: { ...(roto.engineChoice() as EngineChoice), ...(await inForce(roto)) }, objects };
}

async function inForce(roto: Roto, object?: string): Promise<EngineInForce> {
  try {
    const { name, accepts } = await roto.engine(object);
    return { name, accepts: [...accepts] };
  } catch (error) {
    // Any other failure is one of asking, such as a policy that this version does not know.
    if (!isRotokitError(error) && !(error instanceof RangeError)) throw error;
    return { accepts: [], refused: error.message };
  }
}
