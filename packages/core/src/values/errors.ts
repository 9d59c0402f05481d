/**
 * The world's refusals: one table of codes, each with what happened and what to do about it.
 *
 * A caller's own mistake is not in this table: that is a `TypeError` or `RangeError` naming path, rule and value.
 * An expected alternative (a miss, a cancelled run) is a discriminated union, not an error.
 */
const TABLE = {
  MEDIA_NOT_FOUND: [
    '{path} does not exist',
    'Check the path; a sequence is written name.####.exr, name.%04d.exr or as its folder.',
  ],
  MEDIA_UNREADABLE: [
    '{path} cannot be read as video or pictures: {reason}',
    'Run `rotokit info` on it; convert it with any tool that still plays it.',
  ],
  MEDIA_CODEC_UNSUPPORTED: [
    '{path} uses the codec {codec}, which cannot be decoded here',
    'Convert it to ProRes, DNxHR, H.264 or a PNG/EXR sequence.',
  ],
  MEDIA_FRAME_DAMAGED: [
    'frame {frame} of {path} cannot be decoded: {reason}',
    'The other frames are unaffected; leave it out of the range or replace the clip.',
  ],
  MEDIA_FRAME_MISSING: [
    'the sequence {path} has no file for frame {frame}',
    'Render the missing frame, or choose a range without it.',
  ],
  MEDIA_TOO_LARGE: ['{path} is {width}x{height}, more than {limit} pixels', 'Scale the clip down, or raise the limit.'],
  WRITE_FAILED: [
    '{path} could not be written: {reason}',
    'Check free space and permissions; finished frames are kept and the same command does the rest.',
  ],
  WRITE_VERIFY_FAILED: [
    '{path} was written but does not read back: {reason}',
    'Delete the file and export again; if it repeats, report it with `rotokit doctor`.',
  ],
  EXPORT_REFUSED: ['{what} cannot be exported: {reason}', '{remedy}'],
  PROJECT_NOT_FOUND: ['there is no project at {path}', 'Create one with `rotokit new CLIP -p {path}`.'],
  PROJECT_UNREADABLE: [
    '{path} is not a readable .roto project: {reason}',
    'Restore it from a copy; nothing was changed.',
  ],
  PROJECT_TOO_NEW: [
    '{path} was written by a newer version (schema {found}, this one knows {known})',
    'Update rotokit.',
  ],
  PROJECT_LOCKED: [
    '{path} is being edited by process {pid} on {host}',
    'Close the other one, or wait for it to finish.',
  ],
  PROJECT_OTHER_CLIP: [
    '{path} is the project of {clip}, not of {asked}',
    'Choose another folder or project file for this clip.',
  ],
  PROJECT_EXISTS: ['{path} already exists', 'Choose another name, or open it without `new`.'],
  ENGINE_PROMPT_UNSUPPORTED: ['the engine {engine} does not understand {kind} prompts', 'Use {alternative}.'],
  ENGINE_UNAVAILABLE: [
    'the engine {engine} is not available: {reason}',
    'Run `rotokit doctor`; the engine `embedded` always works.',
  ],
  ENGINE_FAILED: [
    '{engine} failed on frame {frame}, object {object}: {reason}',
    'Finished frames are kept; run the same command again.',
  ],
  PROMPT_OUTSIDE: [
    'the prompt {prompt} lies outside the picture of {width}x{height}',
    'Give pixels of the displayed picture, origin top left.',
  ],
  PROMPT_EMPTY: [
    'the prompts of {object} on frame {frame} select nothing',
    'Add a foreground click inside the object, or draw a box around it.',
  ],
  MASK_UNREADABLE: [
    'the mask {path} cannot be used: {reason}',
    'Give an 8- or 16-bit single-channel picture of the size of the clip.',
  ],
  OBJECT_UNKNOWN: ['there is no object named {object}', 'The objects are: {known}.'],
  OBJECT_LOCKED: ['the object {object} is locked', 'Unlock it first, or choose another object.'],
  FRAME_OUTSIDE: [
    'frame {frame} is outside {first}-{last}',
    'Give a frame number of the clip as `rotokit info` shows it.',
  ],
  MEMORY_LIMIT: [
    '{what} needs {needed} MB, more than the limit of {limit} MB',
    'Raise the limit, or work on fewer objects or a smaller picture.',
  ],
  INFERENCE_MISSING: [
    'the runtime {runtime} cannot be used: {reason}',
    'Run `npm install {runtime}@{version}`. The engine `embedded` needs no runtime.',
  ],
  INFERENCE_REFUSED: [
    '{runtime} cannot open this network: {reason}',
    'Verify the weights with `rotokit models verify`; then report it with the output of `rotokit doctor`.',
  ],
  INFERENCE_FAILED: [
    '{runtime} failed while running a network: {reason}',
    'If memory is short, close other programs or take a smaller model; otherwise report it with `rotokit doctor`.',
  ],
  MODEL_UNKNOWN: ['there is no model named {model}', 'The models are: {known}.'],
  MODEL_LICENCE: [
    'the weights of {model} are under the {licence}, which you have to accept first',
    'Read {url}, then run `rotokit models pull {model} --accept-licence`.',
  ],
  MODEL_FORBIDDEN: ['{host} does not hand out {file} of {model}: {reason}', '{remedy}'],
  MODEL_UNREACHABLE: [
    '{file} of {model} could not be fetched from {host}: {reason}',
    'What came is kept: the same command goes on from there. Behind a proxy set HTTPS_PROXY; with the files at hand use `--from DIR`.',
  ],
  MODEL_CORRUPT: ['{file} of {model} is not the file that was expected: {what} {expected}, found {found}', '{remedy}'],
  MODEL_PINS_UNREADABLE: [
    '{path}, which pins the digests of models, cannot be read: {reason}',
    'Restore it from a copy. Delete it only to trust anew what the sources announce.',
  ],
  MODEL_BUSY: ['{model} is being pulled by process {pid} on {host}', 'Wait until it is done, or stop it first.'],
  MODEL_NOT_IN_FOLDER: ['{folder} does not hold {file} of {model}', 'It must be there as {names}.'],
  LUT_UNREADABLE: [
    'the table {path} cannot be used: {reason}',
    'Give a .cube file after the Adobe Cube LUT Specification 1.0.',
  ],
  DATASET_UNREADABLE: [
    '{path} is not a DAVIS-style data set: {reason}',
    'It needs JPEGImages/480p/SEQ/*.jpg and Annotations/480p/SEQ/*.png.',
  ],
} as const satisfies Record<string, readonly [message: string, fix: string]>;

/** A code of the error table, stable across versions: scripts may branch on it. */
export type ErrorCode = keyof typeof TABLE;

/** Every code of the table, for documentation and tests. */
export const ERROR_CODES = Object.keys(TABLE) as readonly ErrorCode[];

const fill = (text: string, facts: ErrorFacts) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? `<${name}>`));

/** The facts that fill the placeholders of a message: paths, frames, sizes, reasons. */
export type ErrorFacts = Readonly<Record<string, string | number | undefined>>;

/** A refusal by the world: what happened (`message`), which case of the table it is (`code`), what to do (`fix`). */
export class RotokitError extends Error {
  override readonly name = 'RotokitError';
  readonly code: ErrorCode;
  readonly fix: string;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, facts: ErrorFacts = {}, cause?: unknown) {
    const [message, fix] = TABLE[code];
    super(fill(message, facts), cause === undefined ? undefined : { cause });
    this.code = code;
    this.facts = facts;
    this.fix = fill(fix, facts);
  }
}

/** Whether a caught value is a refusal of the table, across realms and duplicate installs (by shape, not by class). */
export function isRotokitError(error: unknown): error is RotokitError {
  return error instanceof Error && error.name === 'RotokitError' && 'code' in error && 'fix' in error;
}

/** The message of anything that was thrown, for use as the `reason` of a coded error. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
