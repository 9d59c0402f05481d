import { reasonOf } from '@rotokit/core/values';
import { ENGINE_CHECKS } from './engines.js';
import { type Check, type Finding, fail, REINSTALL } from './finding.js';
import { MACHINE_CHECKS } from './machine.js';
import { PART_CHECKS } from './parts.js';
import { PLACE_CHECKS } from './places.js';

/** Everything that is looked at, in order. */
export const CHECKS: readonly Check[] = [...MACHINE_CHECKS, ...PART_CHECKS, ...ENGINE_CHECKS, ...PLACE_CHECKS];

/** Runs one check; whatever it throws is a failure with its reason. */
export async function runCheck(check: Check): Promise<Finding> {
  return check.run().catch((error: unknown) => fail(reasonOf(error), REINSTALL));
}
