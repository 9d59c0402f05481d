/**
 * Indices from one end to the other, both included, in steps of `stride` (1): forward or backward as the ends lie. What prefetching follows.
 * @throws RangeError unless the ends are whole numbers and the stride a whole number from 1.
 */
export function* indices(from: number, to: number, stride = 1): Generator<number, void, undefined> {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to))
    throw new RangeError(`a walk goes between whole numbers, got ${from} to ${to}`);
  if (!(Number.isSafeInteger(stride) && stride >= 1))
    throw new RangeError(`stride must be a whole number from 1, got ${stride}`);
  const step = to >= from ? stride : -stride;
  for (let i = from; step > 0 ? i <= to : i >= to; i += step) yield i;
}

/**
 * Guesses what somebody reads next from what was read. A step of one, either way, is believed at once; a longer one when it was taken twice
 * running; anything else foretells nothing, so that jumping about costs nothing extra.
 */
export class StrideGuess {
  #last: number | undefined;
  #step = 0;

  /** Notes a read. @returns the index that is likely to follow, which may lie outside of what there is. */
  after(index: number): number | undefined {
    const step = this.#last === undefined ? 0 : index - this.#last;
    const steady = step === this.#step;
    this.#last = index;
    this.#step = step;
    return step !== 0 && (Math.abs(step) === 1 || steady) ? index + step : undefined;
  }
}
