import { bytesText } from './byte-text.js';
import { checkThresholds, type PressureThresholds } from './memory-reading.js';
import { PRECISIONS, type Precision } from './tensor-bytes.js';

/** What a machine has, as far as resources depend on it. */
export interface HardwareFacts {
  /** Cores that may be used. */
  readonly cores: number;
  /** Memory of the machine or the container, bytes. */
  readonly memory: number;
  /** An accelerator that inference can use, its memory in bytes. */
  readonly gpu?: { readonly name: string; readonly memory: number };
}

/** How much of everything is used. Bytes unless said otherwise. */
export interface ResourceSettings {
  /** Most the process takes. */
  readonly memoryLimit: number;
  /** Shares of that limit at which memory is given back, and all of it. */
  readonly thresholds: PressureThresholds;
  /** Features of frames in memory, and on disk for as long as a clip is open. */
  readonly features: number;
  readonly featuresOnDisk: number;
  /** Decoded frames kept for steps back. */
  readonly decoded: number;
  /** Optical flow kept by the embedded engine. */
  readonly flow: number;
  /** Memory entries of neural tracking in memory; what is more waits on disk. */
  readonly bank: number;
  /** How those entries are kept where the model itself does not round them. Masks depend on it, so every preset says the same. */
  readonly precision: Precision;
  /** Pictures prepared ahead of a reader. */
  readonly ahead: number;
  /** Worker threads of an engine beside the calling one. */
  readonly threads: number;
}

/** A named preset: what it is for, what it needs, what it sets. */
export interface HardwareProfile {
  readonly summary: string;
  /** Least that a machine must have for it. */
  readonly needs: { readonly memory: number; readonly cores: number; readonly gpu: number };
  readonly settings: ResourceSettings;
}

/** Names of the presets, the most demanding first. */
export type HardwareName = 'gpu-24gb' | 'gpu-12gb' | 'cpu' | 'laptop';

const thresholds = { high: 0.75, critical: 0.9 };
const [MB, GB] = [1e6, 1e9];

/** The presets. What each costs and gains is told in docs/hardware.md. */
export const HARDWARE: Readonly<Record<HardwareName, HardwareProfile>> = {
  'gpu-24gb': {
    summary: 'a workstation with a GPU of 24 GB',
    needs: { memory: 30 * GB, cores: 8, gpu: 22 * GB },
    settings: {
      ...{ memoryLimit: 16 * GB, thresholds, features: 4 * GB, featuresOnDisk: 50 * GB, decoded: 512 * MB },
      ...{ flow: 256 * MB, bank: 2 * GB, precision: 'float32', ahead: 4, threads: 2 },
    },
  },
  'gpu-12gb': {
    summary: 'a desktop with a GPU of 12 GB',
    needs: { memory: 15 * GB, cores: 4, gpu: 11 * GB },
    settings: {
      ...{ memoryLimit: 8 * GB, thresholds, features: 2 * GB, featuresOnDisk: 20 * GB, decoded: 256 * MB },
      ...{ flow: 128 * MB, bank: 1 * GB, precision: 'float32', ahead: 3, threads: 2 },
    },
  },
  cpu: {
    summary: 'a machine without a GPU that inference could use',
    needs: { memory: 7 * GB, cores: 2, gpu: 0 },
    settings: {
      ...{ memoryLimit: 4 * GB, thresholds, features: 1 * GB, featuresOnDisk: 10 * GB, decoded: 100 * MB },
      ...{ flow: 64 * MB, bank: 512 * MB, precision: 'float32', ahead: 2, threads: 1 },
    },
  },
  laptop: {
    summary: 'a small machine, or one with much else to do',
    needs: { memory: 0, cores: 1, gpu: 0 },
    settings: {
      ...{ memoryLimit: 1.5 * GB, thresholds, features: 200 * MB, featuresOnDisk: 2 * GB, decoded: 48 * MB },
      ...{ flow: 32 * MB, bank: 128 * MB, precision: 'float32', ahead: 1, threads: 1 },
    },
  },
};

/** All names of presets. */
export const HARDWARE_NAMES = Object.keys(HARDWARE) as readonly HardwareName[];

/** A preset that was chosen, and why, for people. */
export interface ChosenHardware {
  readonly name: HardwareName;
  readonly reason: string;
  readonly settings: ResourceSettings;
}

/** The most demanding preset whose needs a machine meets. */
export function recommendHardware(facts: HardwareFacts): ChosenHardware {
  const name = HARDWARE_NAMES.find((n) => meets(facts, HARDWARE[n])) ?? 'laptop';
  const gpu = facts.gpu ? `${facts.gpu.name} with ${bytesText(facts.gpu.memory)}` : 'no GPU that inference can use';
  const reason = `${facts.cores} cores, ${bytesText(facts.memory)} of memory, ${gpu}`;
  return { name, reason, settings: fitted(HARDWARE[name].settings, facts) };
}

/**
 * Settings from a preset (`auto`: the recommended one) and what differs from it. A memory limit below the preset's shrinks its caches in proportion; no
 * limit goes beyond 80 % of the machine's memory.
 * @throws RangeError naming the setting, its rule and its value.
 */
export function resolveHardware(
  name: HardwareName | 'auto',
  facts: HardwareFacts,
  given: Partial<ResourceSettings> = {},
): ChosenHardware {
  if (name !== 'auto' && !HARDWARE_NAMES.includes(name))
    throw new RangeError(`hardware must be auto or one of ${HARDWARE_NAMES.join(', ')}, got ${name}`);
  const chosen =
    name === 'auto'
      ? recommendHardware(facts)
      : { name, reason: 'as asked', settings: fitted(HARDWARE[name].settings, facts) };
  const limit = given.memoryLimit ?? chosen.settings.memoryLimit;
  if (!(limit > 0)) throw new RangeError(`memoryLimit must be a positive number of bytes, got ${limit}`);
  const settings = { ...shrunk(chosen.settings, limit), ...given };
  checkSettings(settings);
  return { ...chosen, settings };
}

const meets = ({ memory, cores, gpu }: HardwareFacts, { needs }: HardwareProfile) =>
  memory >= needs.memory && cores >= needs.cores && (gpu?.memory ?? 0) >= needs.gpu;

const fitted = (settings: ResourceSettings, { memory }: HardwareFacts): ResourceSettings =>
  shrunk(settings, 0.8 * memory);

function shrunk(settings: ResourceSettings, limit: number): ResourceSettings {
  const scale = Math.min(1, limit / settings.memoryLimit);
  const less = (bytes: number) => Math.floor(bytes * scale);
  const { features, decoded, flow, bank } = settings;
  return {
    ...settings,
    memoryLimit: less(settings.memoryLimit),
    ...{ features: less(features), decoded: less(decoded), flow: less(flow), bank: less(bank) },
  };
}

function checkSettings(s: ResourceSettings): void {
  checkThresholds(s.thresholds);
  const whole = (name: 'ahead' | 'threads', least: number) => {
    if (!(Number.isInteger(s[name]) && s[name] >= least))
      throw new RangeError(`${name} must be a whole number of at least ${least}, got ${s[name]}`);
  };
  whole('ahead', 0);
  whole('threads', 0);
  for (const name of ['memoryLimit', 'features', 'featuresOnDisk', 'decoded', 'flow', 'bank'] as const)
    if (!(s[name] >= 0)) throw new RangeError(`${name} must be a number of bytes of at least 0, got ${s[name]}`);
  if (!PRECISIONS.includes(s.precision))
    throw new RangeError(`precision must be one of ${PRECISIONS.join(', ')}, got ${s.precision}`);
  const caches = s.features + s.decoded + s.flow + s.bank;
  if (caches > s.memoryLimit)
    throw new RangeError(
      `features, decoded, flow and bank together are ${bytesText(caches)}, more than memoryLimit ${bytesText(s.memoryLimit)}`,
    );
}
