import { embeddedEngine } from '@rotokit/embedded';
import { MODEL_CONFIGS } from '../models/configs.js';
import { type Candidate, refused } from './assessment.js';

const embedded: Candidate = {
  name: 'embedded',
  accepts: ['point', 'box', 'brush', 'mask'],
  merit: 'it needs no download',
  takes: ['profile'],
  async assess({ threads, profile, resources }) {
    const { settings } = resources ?? {};
    const options = {
      ...(settings ? { threads: settings.threads, flowCacheBytes: settings.flow } : {}),
      ...(threads === undefined ? {} : { threads }),
      ...(profile === undefined ? {} : { profile }),
    };
    return { kind: 'ready', open: () => embeddedEngine(options) };
  },
};

/** A model over its weights. What it takes to assess and open it is loaded only when it is asked for: the command starts without it. */
const model = (name: string): Candidate => ({
  name,
  accepts: ['point', 'box', 'brush', 'mask'],
  merit: 'a model that is installed and fits in memory',
  takes: ['policy'],
  assess: async (wishes) => (await import('./model-engine.js')).assessModel(name, wishes),
});

const sam3: Candidate = {
  name: 'sam3',
  accepts: ['text'],
  merit: 'it understands words',
  assess: async () => refused('sam3', 'this version can pull its weights and cannot run them yet'),
};

/** Best first: `auto` takes the first that understands every prompt and is ready. */
export const CANDIDATES: readonly Candidate[] = [sam3, ...Object.keys(MODEL_CONFIGS).map(model), embedded];
