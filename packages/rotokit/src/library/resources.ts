import {
  type HardwareName,
  type MemoryBudget,
  type MemoryClaim,
  type ResourceSettings,
  resolveHardware,
} from '@rotokit/core/resources';
import type { Size } from '@rotokit/core/values';
import { machineFacts } from '../resources/machine.js';
import { processBudget } from '../resources/memory-probe.js';

/** How much of the machine to use. */
export interface ResourceChoices {
  /** A preset of docs/hardware.md, or `auto`: what fits this machine. The results do not depend on it. */
  readonly hardware?: HardwareName | 'auto';
  /** Most bytes of memory this process should take: what needs more is refused before it starts. No limit unless given. */
  readonly memoryLimit?: number;
}

/** What an open clip may use. */
export interface OpenResources {
  readonly settings: ResourceSettings;
  readonly budget: MemoryBudget;
}

/** Settings for this machine, and a budget over this process. @throws RangeError for a preset that is not known or a limit that is none. */
export function openResources({ hardware = 'auto', memoryLimit }: ResourceChoices): OpenResources {
  const given = memoryLimit === undefined ? {} : { memoryLimit };
  const { settings } = resolveHardware(hardware, machineFacts(), given);
  return { settings, budget: processBudget(memoryLimit, settings.thresholds) };
}

/** Measured peaks of ten frames from 854x480 to 3840x2160, one object, without caches (docs/optimisation.md). */
const EMBEDDED = { fixed: 100e6, perPixel: 63 };

/**
 * Asks for the memory that an engine needs for a clip. The embedded engine's need is known from measurements; others see to theirs.
 * @throws RotokitError MEMORY_LIMIT when there is not that much.
 */
export async function claimFor(
  engine: string,
  { width, height }: Size,
  { settings, budget }: OpenResources,
): Promise<MemoryClaim | undefined> {
  if (engine !== 'embedded') return undefined;
  const bytes = EMBEDDED.fixed + EMBEDDED.perPixel * width * height + settings.decoded + settings.flow;
  return budget.claim(`following objects through ${width}x${height}`, bytes);
}
