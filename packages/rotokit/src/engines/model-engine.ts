import { availableParallelism } from 'node:os';
import type { Engine, InstalledModel } from '@rotokit/core/ports';
import { isRotokitError, RotokitError, reasonOf, type Size } from '@rotokit/core/values';
import { WeightsError } from '@rotokit/graph';
import type { VideoModelConfig } from '@rotokit/models';
import {
  type BankView,
  heldBytes,
  type ModelWeights,
  neuralEngine,
  TIDYING,
  TRAIL,
  transformersNames,
  writeGraphs,
} from '@rotokit/neural';
import { openNodeInference, type ThreadDeath } from '@rotokit/ort/node';
import { configFor } from '../models/configs.js';
import { hubOf } from '../models/home.js';
import { processMemory } from '../resources/memory-probe.js';
import { type Assessment, type EngineWishes, refused } from './assessment.js';
import { withBankViews } from './bank-views.js';
import { parsePolicy } from './policy-option.js';
import { sessionStorage } from './session-storage.js';
import { readWeightsHeader } from './weights.js';

/** Memory beside the weights at 1024 pixels, from the peaks in docs/neural-graphs.md: SAM 2.1-tiny up to 1.9 GB, EdgeTAM 0.8 GB. */
const WORKING = { sam2: 1.75e9, edgetam: 0.75e9 } as const;

/** Graphs and runtime take so much however small the pictures are. */
const LEAST_WORKING = 100e6;

/** What a model takes while it tracks, in bytes: weights, and what the graphs work with, by the area of their input. An estimate. */
export function modelMemory(config: VideoModelConfig, weightBytes: number): number {
  const working = config.memory.perceiver ? WORKING.edgetam : WORKING.sam2;
  return weightBytes + Math.max(LEAST_WORKING, working * (config.imageSize / 1024) ** 2);
}

/** Files, licence, version and memory of a model, in this order; nothing is computed. */
export async function assessModel(name: string, wishes: EngineWishes): Promise<Assessment> {
  const hub = hubOf(process.env);
  const { licence } = hub.cards.find((c) => c.name === name) as (typeof hub.cards)[number];
  const installed = await hub.find(name);
  if (!installed) {
    const terms = licence.gated ? `, after its licence was accepted (${licence.id})` : '';
    return refused(name, `its weights are not here; \`rotokit models pull ${name}\` brings them${terms}`);
  }
  try {
    const { config, weights } = await readModel(name, installed);
    writeGraphs(config, weights);
    const bytes = installed.files.reduce((n, f) => n + f.bytes, 0);
    const [needed, limit] = [modelMemory(config, bytes), wishes.memoryLimit ?? processMemory().read().available];
    if (needed > limit) {
      const facts = { what: `the engine ${name}`, needed: Math.ceil(needed / 1e6), limit: Math.floor(limit / 1e6) };
      return { kind: 'refused', error: new RotokitError('MEMORY_LIMIT', facts) };
    }
    const runtime = await runtimeFacts(threadsOf(wishes));
    return { kind: 'ready', open: () => engineOf(name, { config, weights, runtime, bytes }, wishes) };
  } catch (error) {
    if (isRotokitError(error)) return { kind: 'refused', error };
    if (error instanceof WeightsError)
      return refused(
        name,
        `its weights do not fit this version: ${error.message}; \`rotokit models verify ${name}\` reads them again`,
      );
    return refused(name, reasonOf(error));
  }
}

interface ReadModel {
  readonly config: VideoModelConfig;
  readonly weights: ModelWeights & { readonly digest: string };
}

async function readModel(name: string, { files }: InstalledModel): Promise<ReadModel> {
  const [file] = files;
  if (!file) throw new Error('it has no files');
  const header = transformersNames(await readWeightsHeader(file.path));
  return { config: configFor(name, header), weights: { header, file: { path: file.path }, digest: file.sha256 } };
}

/** Most threads that are used unless asked: the last digits depend on their number, so most machines shall have the same. */
const USUAL_THREADS = 4;

const threadsOf = ({ threads = Math.min(USUAL_THREADS, availableParallelism()) }: EngineWishes): number =>
  Math.max(1, threads);

/** What decides the digits, asked of the runtime itself: so a runtime that is missing or broken is found before anything is opened. */
async function runtimeFacts(threads: number): Promise<Readonly<Record<string, string | number>>> {
  const inference = await openNodeInference({ threads });
  try {
    return inference.provenance;
  } finally {
    await inference.close();
  }
}

const warn = (message: string) => process.emitWarning(message, { type: 'RotokitWarning', code: 'THREAD_ENDED' });

/** Tells of the first thread of a session that was killed; more of them are one story. */
function deathNotice(name: string, { notice = warn }: EngineWishes): (death: ThreadDeath) => void {
  return ({ reason, during, deaths }) => {
    if (deaths > 1) return;
    notice(`the thread of ${name} ended while ${during} (${reason}); it was started again and the masks stay the same`);
  };
}

interface OpenableModel extends ReadModel {
  readonly runtime: Readonly<Record<string, string | number>>;
  /** Of the files. */
  readonly bytes: number;
}

function engineOf(name: string, { config, weights, runtime, bytes }: OpenableModel, wishes: EngineWishes): Engine {
  const { resources } = wishes;
  const { precision, bank, decoded } = resources?.settings ?? { precision: 'float32', bank: 0, decoded: 0 };
  const need = (_: Size, objects: number) =>
    modelMemory(config, bytes) + heldBytes(config, { objects, trail: TRAIL, precision, bank }) + decoded;
  const make = (observe?: (view: BankView) => void): Engine => ({
    need,
    ...neuralEngine({
      ...{ name, config, weights, runtime },
      inference: () => openNodeInference({ threads: threadsOf(wishes), onThreadDeath: deathNotice(name, wishes) }),
      tidying: { holes: wishes.holes ?? TIDYING.holes, islands: wishes.islands ?? TIDYING.islands },
      ...(wishes.policy === undefined ? {} : { policy: parsePolicy(wishes.policy) }),
      ...(resources ? { storage: () => sessionStorage(resources), precision } : {}),
      ...(observe ? { observe } : {}),
    }),
  });
  return wishes.bank === undefined ? make() : withBankViews(make, wishes.bank);
}
