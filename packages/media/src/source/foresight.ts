import type { Frame, FrameIndex, PictureFormat } from '@rotokit/core/values';

type Make = <F extends PictureFormat>(index: FrameIndex, format: F) => Promise<Frame<F>>;

/**
 * Prepares the next picture of somebody who reads one after the other. Two reads a step apart foretell a third; any other
 * pattern prepares nothing, so that jumping costs nothing extra. One picture is prepared at a time.
 */
export class Foresight {
  readonly #frames: number;
  readonly #make: Make;
  #last = -1;
  #prepared: { index: number; format: PictureFormat; frame: Promise<Frame<PictureFormat>> } | undefined;

  /** @param frames how many there are. @param make makes one picture. */
  constructor(frames: number, make: Make) {
    this.#frames = frames;
    this.#make = make;
  }

  /** One picture, from what was prepared where the guess was right. */
  async read<F extends PictureFormat>(index: FrameIndex, format: F): Promise<Frame<F>> {
    const guess = this.#prepared;
    const right = guess?.index === index && guess.format === format;
    if (right) this.#prepared = undefined;
    const step = index - this.#last;
    this.#last = index;
    const frame = await (right ? (guess.frame as Promise<Frame<F>>) : this.#make(index, format));
    if (Math.abs(step) === 1) this.#prepare(index + step, format);
    return frame;
  }

  #prepare(index: number, format: PictureFormat): void {
    if (index < 0 || index >= this.#frames) return;
    if (this.#prepared?.index === index && this.#prepared.format === format) return;
    const frame = this.#make(index as FrameIndex, format);
    frame.catch(() => {}); // thrown when it is asked for, if it is
    this.#prepared = { index, format, frame };
  }

  /** When the picture being prepared is done; it is let go. */
  async settled(): Promise<void> {
    await this.#prepared?.frame.catch(() => {});
    this.#prepared = undefined;
  }
}
