import { StrideGuess } from '@rotokit/core/resources';
import type { Frame, FrameIndex, PictureFormat } from '@rotokit/core/values';

type Make = <F extends PictureFormat>(index: FrameIndex, format: F) => Promise<Frame<F>>;

/** Prepares the next picture of somebody who reads evenly, forward, backward or every few frames. One picture is prepared at a time. */
export class Foresight {
  readonly #frames: number;
  readonly #make: Make;
  readonly #guess = new StrideGuess();
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
    const likely = this.#guess.after(index);
    const frame = await (right ? (guess.frame as Promise<Frame<F>>) : this.#make(index, format));
    if (likely !== undefined) this.#prepare(likely, format);
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
