import { stat } from 'node:fs/promises';
import type { FrameSink, SinkPicture, SinkReport } from '@rotokit/core/ports';
import { size as checkedSize, type FrameNumber, frameRate } from '@rotokit/core/values';
import { Exclusive } from '../native/exclusive.js';
import { discard, partialPath, publish, requireFolder, writing } from './files.js';
import { MovieEncoder } from './movie-encoder.js';
import type { MovieOptions, MovieRecipe } from './movie-recipe.js';
import { PictureGate } from './picture-gate.js';
import { verifyMovie } from './verify-movie.js';

/**
 * A sink that writes a movie as a recipe says.
 * @throws RotokitError WRITE_FAILED when the folder does not exist. @throws RangeError for a size or rate that is none.
 */
export async function createMovie(path: string, recipe: MovieRecipe, options: MovieOptions): Promise<FrameSink> {
  checkedSize(options.size.width, options.size.height);
  frameRate(options.rate.num, options.rate.den);
  await requireFolder(path);
  return new MovieSink(path, recipe, options);
}

class MovieSink implements FrameSink {
  readonly #path: string;
  readonly #recipe: MovieRecipe;
  readonly #options: MovieOptions;
  readonly #gate: PictureGate;
  readonly #turn = new Exclusive();
  #encoder: MovieEncoder | undefined;
  #frames = 0;
  #state: 'open' | 'failed' | 'closed' | 'aborted' = 'open';

  constructor(path: string, recipe: MovieRecipe, options: MovieOptions) {
    this.#path = path;
    this.#recipe = recipe;
    this.#options = options;
    this.#gate = new PictureGate({ size: options.size, consecutive: true });
  }

  write(number: FrameNumber, picture: SinkPicture): Promise<void> {
    return this.#turn.run(async () => {
      this.#requireOpen();
      this.#gate.check(number, picture);
      await this.#orFail(async () => {
        this.#encoder ??= await MovieEncoder.open(partialPath(this.#path), this.#recipe, this.#options, picture.colour);
        await this.#encoder.write(picture);
      });
      this.#gate.passed(number, picture);
      this.#frames++;
    });
  }

  close(): Promise<SinkReport> {
    return this.#turn.run(async () => {
      this.#requireOpen();
      if (!this.#frames) throw new RangeError(`${this.#path} has no frame: write at least one before close`);
      await this.#orFail(async () => {
        await this.#encoder?.finish();
        await this.#release();
        await verifyMovie(this.#path, partialPath(this.#path), this.#recipe, this.#options.size, this.#frames);
        await publish(this.#path);
      });
      this.#state = 'closed';
      const { size } = await stat(this.#path);
      return { path: this.#path, frames: this.#frames, bytes: size };
    });
  }

  abort(): Promise<void> {
    return this.#turn.run(async () => {
      if (this.#state !== 'open') return;
      this.#state = 'aborted';
      await this.#release();
      await discard(this.#path);
    });
  }

  /** A movie cannot go on after a failed step: its file is removed and the sink refuses everything but `abort`. */
  async #orFail(step: () => Promise<void>): Promise<void> {
    try {
      await writing(this.#path, step);
    } catch (error) {
      this.#state = 'failed';
      await this.#release().catch(() => {});
      await discard(this.#path).catch(() => {});
      throw error;
    }
  }

  async #release(): Promise<void> {
    await this.#encoder?.close();
    this.#encoder = undefined;
  }

  #requireOpen(): void {
    if (this.#state !== 'open') throw new TypeError(`${this.#path} is ${this.#state}`);
  }
}
