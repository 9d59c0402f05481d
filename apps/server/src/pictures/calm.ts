/** How long nobody must have needed the machine before it counts as free: a hand that clicks once often clicks again. */
const REST_MS = 400;

/** Whether somebody needs the machine now: a click, a job, a picture that is waited for. What nobody waits for steps aside meanwhile. */
export class Calm {
  #tell: (calm: boolean) => void = () => {};
  #holds = 0;
  #calm = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** It is not calm until it was so for a moment. */
  constructor() {
    this.#rest();
  }

  /** Tells one listener of every change. */
  listen(tell: (calm: boolean) => void): void {
    this.#tell = tell;
  }

  /** Whether it is calm now. */
  get now(): boolean {
    return this.#calm;
  }

  /** Says that the machine is needed until the returned function is called. */
  hold(): () => void {
    this.#holds++;
    clearTimeout(this.#timer);
    this.#set(false);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#holds === 0) this.#rest();
    };
  }

  /** It is never calm again. */
  close(): void {
    this.hold();
  }

  #rest(): void {
    this.#timer = setTimeout(() => this.#set(true), REST_MS);
    this.#timer.unref();
  }

  #set(calm: boolean): void {
    if (calm === this.#calm) return;
    this.#calm = calm;
    this.#tell(calm);
  }
}
