/** Prints where the examples click, as the command takes it. */
import { sampleClick } from './support.ts';

const { x, y } = await sampleClick();
console.log(`${x},${y}`);
