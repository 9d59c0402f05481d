import { SHOT } from './action.js';
import { saveFrame } from './frames.js';
import { makeRenderer } from './render.js';

/** Renders some frames of the sample clip. Arguments: folder, passes, scale, frames counted from 0. */
const [folder, passes, scale, ...frames] = process.argv.slice(2);
const render = makeRenderer({ passes: Number(passes), scale: Number(scale) });
for (const frame of frames.map(Number)) {
  saveFrame(folder, frame, render(frame));
  process.stdout.write(`rendered ${SHOT.first + frame}\n`);
}
