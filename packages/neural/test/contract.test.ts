import { engineContract } from '@rotokit/core/contracts/engine';
import { afterAll } from 'vitest';
import { CONFIGS, miniature, randomFile } from './support/miniature.js';

const RANDOM = 'random weights see nothing';
const file = await randomFile(CONFIGS['mini-edgetam']!);
afterAll(() => file.remove());

engineContract("EdgeTAM's miniature", () => miniature('mini-edgetam', file), { click: RANDOM, follows: RANDOM });
