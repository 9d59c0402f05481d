import { engineContract } from '@rotokit/core/contracts/engine';
import { embeddedEngine } from '../src/index.js';

engineContract('the embedded engine', () => embeddedEngine({ threads: 0 }));
