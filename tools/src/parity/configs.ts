import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { VideoModelConfig } from '@rotokit/models';

const path = resolve(import.meta.dirname, '../../parity/models.json');

/** The configurations that the reference is built from too: four sizes of SAM 2.1 and EdgeTAM, each also as a miniature. */
export const CONFIGS = JSON.parse(readFileSync(path, 'utf8')) as Record<string, VideoModelConfig>;

/** Names of the miniatures: the same blocks and windows, fewer channels, 256 pixels. */
export const MINIATURES = Object.keys(CONFIGS).filter((name) => name.startsWith('mini-'));
