/**
 * What the predictor of the SAM 2 repository hands to its networks for one object, told a second time from its published behaviour and the paper
 * (Ravi et al. 2024, "SAM 2: Segment Anything in Images and Videos"): the whole history is kept in two dictionaries of frames, and what is
 * looked at is picked out of them anew each time. Written without the engine's banks, policies and trails, to be compared with them.
 *
 * Two choices are the product's: corrected frames become conditioning ones (the repository's option `add_all_frames_to_correct_as_cond`, which
 * it trains with), and a frame does not look at what was remembered of it before.
 */
export type Call =
  | {
      readonly part: 'attend';
      /** Calls that the memories came from, in the order of the tokens, and their rows of the temporal table. */
      readonly memories: readonly number[];
      readonly rows: readonly number[];
      /** Calls that the pointers came from (-1 - call for the pointer of an absent object), and distances over the largest that counts. */
      readonly pointers: readonly number[];
      readonly times: readonly number[];
    }
  | {
      readonly part: 'decode';
      readonly clicks: number;
      readonly first: boolean;
      /** Logit of the mask prompt, where one is given. */
      readonly mask?: number;
    }
  | { readonly part: 'memorise'; readonly prompted: boolean; readonly seen: boolean; readonly mask: number };

interface Output {
  readonly memory: number;
  readonly pointer: number;
  /** Logit of the low-resolution mask. */
  readonly logit: number;
}

/** The published constants. */
const [MEMORIES, POINTERS, ABSENT, LARGEST] = [6, 16, -1024, 32];

/** How the decoder answers its calls: one logit everywhere, and the object's score. */
export interface Answers {
  logit(call: number): number;
  score(call: number): number;
}

/** One object's state. */
export class OriginalPredictor {
  readonly calls: Call[] = [];
  readonly #answers: Answers;
  readonly #frames: number;
  readonly #made = { decode: 0, memorise: 0 };
  #conditioning = new Map<number, Output>();
  #tracked = new Map<number, Output>();
  #reverse = new Map<number, boolean>();
  /** Answers to the clicks of a frame so far. */
  #clicked = new Map<number, number[]>();

  constructor(frames: number, answers: Answers) {
    this.#frames = frames;
    this.#answers = answers;
  }

  /** Begins anew with a mask that fills the picture on a frame; the decoder's answer gives its pointer alone. */
  begin(frame: number): void {
    this.#conditioning = new Map();
    this.#tracked = new Map();
    this.#reverse = new Map();
    const decoded = this.#decode({ clicks: 0, first: false, mask: 0 });
    this.#conditioning.set(frame, { ...this.#memorise(true, true, 10), pointer: decoded.pointer, logit: 10 });
  }

  /** Follows the object to the next frame. */
  track(frame: number, reverse: boolean): void {
    this.#attend(frame, reverse);
    const { shown, logit, pointer } = this.#decode({ clicks: 0, first: false });
    this.#reverse.set(frame, reverse);
    this.#tracked.set(frame, { ...this.#memorise(false, shown, logit), pointer, logit });
  }

  /** All clicks of a frame that was tracked; those already answered are the first. */
  correct(frame: number, clicks: number): void {
    const answered = this.#clicked.get(frame) ?? [];
    let last: { shown: boolean; logit: number; pointer: number } | undefined;
    for (let n = answered.length + 1; n <= clicks; n++) {
      this.#attend(frame, this.#reverse.get(frame)!);
      const before = answered.at(-1) ?? this.#tracked.get(frame)!.logit;
      last = this.#decode({ clicks: n, first: false, mask: Math.max(-LARGEST, Math.min(LARGEST, before)) });
      answered.push(last.logit);
    }
    this.#clicked.set(frame, answered);
    if (!last) return;
    const { shown, logit, pointer } = last;
    const output = { ...this.#memorise(true, shown, logit), pointer, logit };
    this.#tracked.delete(frame);
    this.#conditioning.set(frame, output);
  }

  #attend(frame: number, reverse: boolean): void {
    const back = (distance: number) => (reverse ? frame + distance : frame - distance);
    const looked: [Output, number][] = [];
    for (const [at, output] of this.#conditioning) if (at !== frame) looked.push([output, MEMORIES]);
    for (let distance = MEMORIES; distance > 0; distance--) {
      const output = this.#tracked.get(back(distance));
      if (output) looked.push([output, distance - 1]);
    }
    const most = Math.min(POINTERS, this.#frames);
    const pointers: [Output, number][] = [];
    for (const [at, output] of this.#conditioning) {
      const distance = reverse ? at - frame : frame - at;
      if (distance > 0) pointers.push([output, distance]);
    }
    for (let distance = 1; distance < most; distance++) {
      const output = this.#tracked.get(back(distance));
      if (output) pointers.push([output, distance]);
    }
    this.calls.push({
      part: 'attend',
      memories: looked.map(([o]) => o.memory),
      rows: looked.map(([, row]) => row),
      pointers: pointers.map(([o]) => o.pointer),
      times: pointers.map(([, distance]) => Math.fround(distance / (most - 1))),
    });
  }

  #decode(asked: { clicks: number; first: boolean; mask?: number }) {
    this.calls.push({ part: 'decode', ...asked });
    const call = this.#made.decode++;
    const shown = this.#answers.score(call) > 0;
    return { shown, logit: shown ? this.#answers.logit(call) : ABSENT, pointer: shown ? call : -1 - call };
  }

  #memorise(prompted: boolean, seen: boolean, mask: number): { memory: number } {
    this.calls.push({ part: 'memorise', prompted, seen, mask });
    return { memory: this.#made.memorise++ };
  }
}
