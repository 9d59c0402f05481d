import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { VideoModelConfig } from '@rotokit/models';

const path = resolve(import.meta.dirname, '../../parity/models.json');

/**
 * The configurations that the reference is built from: four sizes of SAM 2.1 and EdgeTAM, each also as a miniature. Those that the product has are its own
 * (`packages/models`), written down a second time for Python; a test holds them equal.
 */
export const CONFIGS = JSON.parse(readFileSync(path, 'utf8')) as Record<string, VideoModelConfig>;

/** Names of the miniatures: the same blocks and windows, fewer channels, 256 pixels. */
export const MINIATURES = Object.keys(CONFIGS).filter((name) => name.startsWith('mini-'));
