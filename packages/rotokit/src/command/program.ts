import { Command } from 'commander';
import { VERSION } from '../version.js';
import { addBench } from './bench.js';
import { addCompletion } from './completion.js';
import { addDemo } from './demo.js';
import { addDoctor } from './doctor.js';
import { addEval } from './eval.js';
import { addExport } from './export.js';
import { addHistory } from './history.js';
import { addImport } from './import.js';
import { addInfo } from './info.js';
import { addMarker } from './marker.js';
import { addModels } from './models.js';
import { addNew } from './new.js';
import { addObject } from './object.js';
import { addPrompt } from './prompt.js';
import { addReview } from './review.js';
import { addRoto } from './roto.js';
import { addServe } from './serve.js';
import { addShape } from './shape.js';
import { addTrack } from './track.js';
import { addVerify } from './verify.js';

/** The `rotokit` command with all its parts. `signal` cancels whatever is under way. */
export function buildProgram(signal: AbortSignal): Command {
  const program = new Command('rotokit')
    .description('Point at something in a clip, have it tracked, fix what is doubted, deliver mattes.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(--help shows what is possible)')
    .configureHelp({ sortSubcommands: false, helpWidth: 110 });
  for (const add of [
    addRoto,
    addInfo,
    addNew,
    addObject,
    addPrompt,
    addImport,
    addTrack,
    addReview,
    addMarker,
    addShape,
    addExport,
    addVerify,
    addHistory,
    addServe,
  ])
    add(program, signal);
  for (const add of [addModels, addEval, addBench, addDemo, addDoctor, addCompletion]) add(program, signal);
  program.addHelpText(
    'after',
    `
Coordinates are pixels of the displayed picture, origin top left. A leading minus makes a click or a stroke say
"not this". @FRAME is the frame's number as shown; the first frame of a clip is 1001, sequences keep their numbers.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but frames need review (--strict), 130 cancelled.`,
  );
  return program;
}
