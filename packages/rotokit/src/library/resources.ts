import type { Engine } from '@rotokit/core/ports';
import {
  type HardwareName,
  type MemoryBudget,
  type Precision,
  type ResourceSettings,
  resolveHardware,
} from '@rotokit/core/resources';
import type { Size } from '@rotokit/core/values';
import { machineFacts } from '../resources/machine.js';
import { processBudget } from '../resources/memory-probe.js';

/** How much of the machine to use. */
export interface ResourceChoices {
  /** A preset of docs/hardware.md, or `auto`: what fits this machine. Results depend on it by `precision` alone. */
  readonly hardware?: HardwareName | 'auto';
  /** Most bytes of memory this process should take: what needs more is refused before it starts. No limit unless given. */
  readonly memoryLimit?: number;
  /** How memories of EdgeTAM are kept, in place of the preset's word; SAM 2.1 rounds its own. Part of the provenance. */
  readonly precision?: Precision;
  /** Most bytes of features on disk while the clip is open, in place of the preset's; 0 keeps none there. */
  readonly featuresOnDisk?: number;
}

/** What an open clip may use. */
export interface OpenResources {
  readonly settings: ResourceSettings;
  readonly budget: MemoryBudget;
}

/** Settings for this machine, and a budget over this process. @throws RangeError for a preset that is not known or a limit that is none. */
export function openResources(choices: ResourceChoices): OpenResources {
  const { hardware = 'auto', memoryLimit, precision, featuresOnDisk } = choices;
  const given = {
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    ...(precision === undefined ? {} : { precision }),
    ...(featuresOnDisk === undefined ? {} : { featuresOnDisk }),
  };
  const { settings } = resolveHardware(hardware, machineFacts(), given);
  return { settings, budget: processBudget(memoryLimit, settings.thresholds) };
}

/** Measured peaks of ten frames from 854x480 to 3840x2160, one object, without caches (docs/optimisation.md). */
const EMBEDDED = { fixed: 100e6, perPixel: 63 };

/**
 * Bytes that an engine takes for a clip and so many objects. The embedded engine's need is known from measurements; what others cannot tell is 0: they see to
 * theirs.
 */
export function needOf(engine: Engine, size: Size, objects: number, settings: ResourceSettings): number {
  if (engine.name !== 'embedded') return engine.need?.(size, objects) ?? 0;
  return EMBEDDED.fixed + EMBEDDED.perPixel * size.width * size.height + settings.decoded + settings.flow;
}
