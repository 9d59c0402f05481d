import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelCard, ModelHub, PullEvent, PullOptions } from '@rotokit/core/ports';
import { isRotokitError } from '@rotokit/core/values';
import { type HubOptions, openHub } from '@rotokit/hub';
import { afterEach, beforeEach } from 'vitest';
import { HubServer } from './hub-server.js';
import { fakeWeights } from './weights.js';

/** A model of one small file. */
export const CARD: ModelCard = {
  name: 'little',
  summary: 'a model for tests',
  repository: 'somebody/little',
  revision: 'main',
  licence: { id: 'Apache-2.0', url: 'https://example.org', gated: false },
  files: [{ name: 'model.safetensors' }],
};

/** The same, behind a gate. */
export const GATED: ModelCard = {
  ...CARD,
  name: 'guarded',
  repository: 'somebody/guarded',
  licence: { id: 'Strict License', url: 'https://example.org/strict', gated: true },
};

/** A published file of about 3 MB, so that a download has several steps. */
export const WEIGHTS = fakeWeights(3_000_000);

/** A server and a folder of one test. */
export interface Bench {
  server: HubServer;
  folder: string;
}

/** A server that publishes both models, and an empty folder, anew for each test. */
export function benchForEach(): Bench {
  const bench = {} as Bench;
  beforeEach(async () => {
    bench.server = await HubServer.start();
    for (const card of [CARD, GATED]) bench.server.publish(card.repository, 'model.safetensors', WEIGHTS);
    bench.folder = await mkdtemp(join(tmpdir(), 'rotokit-hub-'));
  });
  afterEach(async () => {
    await bench.server.stop();
    await rm(bench.folder, { recursive: true, force: true });
  });
  return bench;
}

/** A hub over a bench that does not wait long. */
export const hubOn = ({ server, folder }: Bench, options: Partial<HubOptions> = {}): ModelHub =>
  openHub({ folder, base: server.url, cards: [CARD, GATED], pause: 1, patience: 2000, ...options });

/** Pulls to the end and gives everything that happened. */
export async function pulled(hub: ModelHub, name: string, options?: PullOptions): Promise<PullEvent[]> {
  const events: PullEvent[] = [];
  for await (const event of hub.pull(name, options)) events.push(event);
  return events;
}

/** What a promise refuses with, as data. */
export async function refusalOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!isRotokitError(error)) throw new Error(`expected a coded refusal, got ${String(error)}`);
  return { code: error.code, message: error.message, fix: error.fix };
}
