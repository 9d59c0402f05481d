import { type FrameNumber, frameNumber, type Prompt, sourcePoint } from '@rotokit/core/values';
import { InvalidArgumentError } from 'commander';

/** A prompt as written on the command line: the mask file of `--mask` is not read yet. */
export type PromptArgument = Exclude<Prompt, { kind: 'mask' }> | { readonly kind: 'mask-file'; readonly path: string };

/** One prompt with the frame it was given for; without one it means the first frame of the range. */
export interface PlacedArgument {
  readonly frame?: FrameNumber;
  readonly prompt: PromptArgument;
}

/** An object and what was said about it, in the order of the command line. */
export interface ObjectArgument {
  readonly name: string;
  readonly prompts: readonly PlacedArgument[];
}

const NUMBER = String.raw`\d+(?:\.\d+)?`;

/** Splits `VALUE@FRAME`; the part after the last `@` counts only where it is a whole number. */
function splitFrame(text: string): { value: string; frame?: FrameNumber } {
  const m = /^(.*)@(-?\d+)$/s.exec(text);
  return m ? { value: m[1] as string, frame: frameNumber(Number(m[2])) } : { value: text };
}

const place = (frame: FrameNumber | undefined, prompt: PromptArgument): PlacedArgument =>
  frame === undefined ? { prompt } : { frame, prompt };

/** `412,220`, `-300,90` (background), `412.5,220@1040`. @throws InvalidArgumentError with the form expected. */
export function parseClick(text: string): PlacedArgument {
  const { value, frame } = splitFrame(text);
  const m = new RegExp(`^(-?)(${NUMBER}),(${NUMBER})$`).exec(value);
  if (!m)
    throw new InvalidArgumentError(
      'A click is X,Y or -X,Y for the background, with @FRAME where it is not the first: 412,220@1040.',
    );
  return place(frame, { kind: 'point', positive: !m[1], at: sourcePoint(Number(m[2]), Number(m[3])) });
}

/** `X0,Y0,X1,Y1[@FRAME]`. @throws InvalidArgumentError with the form expected. */
export function parseBox(text: string): PlacedArgument {
  const { value, frame } = splitFrame(text);
  const m = new RegExp(`^(${NUMBER}),(${NUMBER}),(${NUMBER}),(${NUMBER})$`).exec(value);
  const [x0, y0, x1, y1] = (m ?? []).slice(1).map(Number) as [number, number, number, number];
  if (!m || x0 >= x1 || y0 >= y1) {
    throw new InvalidArgumentError(
      'A box is X0,Y0,X1,Y1 with X0 < X1 and Y0 < Y1, and @FRAME where it is not the first.',
    );
  }
  return place(frame, { kind: 'box', from: sourcePoint(x0, y0), to: sourcePoint(x1, y1) });
}

/** `RADIUS:X,Y X,Y ...[@FRAME]`, a minus before the radius erases. @throws InvalidArgumentError with the form expected. */
export function parseBrush(text: string): PlacedArgument {
  const { value, frame } = splitFrame(text);
  const m = new RegExp(`^(-?)(${NUMBER}):(${NUMBER},${NUMBER}(?: +${NUMBER},${NUMBER})*)$`).exec(value);
  if (!m)
    throw new InvalidArgumentError(
      'A stroke is RADIUS:X,Y X,Y ..., with a minus before the radius for the background: "8:100,90 140,96@1040".',
    );
  const path = (m[3] as string).split(/ +/).map((p) => {
    const [x, y] = p.split(',').map(Number) as [number, number];
    return sourcePoint(x, y);
  });
  return place(frame, { kind: 'brush', positive: !m[1], radius: Number(m[2]), path });
}

/** `FILE[@FRAME]`: a grey picture of the clip's size. */
export function parseMask(text: string): PlacedArgument {
  const { value, frame } = splitFrame(text);
  if (!value) throw new InvalidArgumentError('A mask is FILE or FILE@FRAME.');
  return place(frame, { kind: 'mask-file', path: value });
}

/** Words, for engines that understand them. */
export function parseText(text: string): PlacedArgument {
  if (!text.trim()) throw new InvalidArgumentError('Say what to look for: --text "a red car".');
  return { prompt: { kind: 'text', text } };
}

/** `1001-1100`, `1001-` or `-1100` for an open end; shown numbers, both included. */
export function parseRange(text: string): { readonly first?: FrameNumber; readonly last?: FrameNumber } {
  const m = /^(\d+)?-(\d+)?$/.exec(text);
  const [first, last] = [m?.[1], m?.[2]];
  if (!m || (!first && !last) || (first && last && Number(first) > Number(last))) {
    throw new InvalidArgumentError(
      'A range is FIRST-LAST in shown frame numbers, both included: 1001-1100, 1040-, -1100.',
    );
  }
  return {
    ...(first ? { first: frameNumber(Number(first)) } : {}),
    ...(last ? { last: frameNumber(Number(last)) } : {}),
  };
}

/**
 * Collects `--object NAME` and the prompts after it in the order they stand on the command line: prompts before the
 * first `--object` belong to `object1`.
 */
export class PromptCollector {
  readonly #objects: { name: string; prompts: PlacedArgument[] }[] = [];

  /** Starts the prompts of the next object. @throws InvalidArgumentError when the name is empty or taken. */
  object(name: string): string {
    if (!name.trim()) throw new InvalidArgumentError('An object needs a name.');
    if (this.#objects.some((o) => o.name === name))
      throw new InvalidArgumentError(`There are two objects named ${name}.`);
    this.#objects.push({ name, prompts: [] });
    return name;
  }

  /** Adds a prompt to the object named last. */
  add(prompt: PlacedArgument): PlacedArgument {
    if (!this.#objects.length) this.object('object1');
    (this.#objects.at(-1) as { prompts: PlacedArgument[] }).prompts.push(prompt);
    return prompt;
  }

  /** What was said, object by object. */
  get objects(): readonly ObjectArgument[] {
    return this.#objects;
  }
}
