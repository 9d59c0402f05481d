import { engineContract } from '@rotokit/core/contracts/engine';
import { scriptedEngine } from '@rotokit/core/fakes';

engineContract('the scripted engine', () =>
  scriptedEngine({
    motion: (object) => (object === 'red' ? { x: 5, y: 0 } : { x: -4, y: 0 }),
  }),
);
