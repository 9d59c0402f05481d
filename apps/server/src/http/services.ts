import type { Batch } from '../machine/batch.js';
import type { Models } from '../machine/models.js';
import type { Registry } from '../projects/registry.js';
import type { Presets } from '../user/presets.js';
import type { Recent } from '../user/recent.js';
import type { Visitors } from './visitors.js';

/** Everything the routes reach. */
export interface Services {
  readonly registry: Registry;
  readonly visitors: Visitors;
  readonly presets: Presets;
  readonly recent: Recent;
  readonly batch: Batch;
  readonly models: Models;
}
