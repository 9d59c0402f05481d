import type { Engine, EngineSession, FrameSource } from '@rotokit/core/ports';

/** An engine at work on the clip. */
export interface OpenSession {
  readonly engine: Engine;
  readonly session: EngineSession;
}

/** The engine's session on a clip: opened when it is first needed, once, and closed with the clip. */
export class Sessions {
  readonly #engine: () => Promise<Engine>;
  readonly #source: FrameSource;
  #open: Promise<OpenSession> | undefined;

  constructor(engine: () => Promise<Engine>, source: FrameSource) {
    this.#engine = engine;
    this.#source = source;
  }

  /** The session, opened now if it was not. A failure to open is not kept: the next call tries again. */
  open(): Promise<OpenSession> {
    this.#open ??= this.#start().catch((error: unknown) => {
      this.#open = undefined;
      throw error;
    });
    return this.#open;
  }

  /** The engine that would be opened: its name and what makes its results reproducible. */
  async engine(): Promise<Engine> {
    return this.#open ? (await this.#open).engine : this.#engine();
  }

  /** Closes what was opened. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open) await (await open.catch(() => undefined))?.session.close();
  }

  async #start(): Promise<OpenSession> {
    const engine = await this.#engine();
    return { engine, session: await engine.open(this.#source) };
  }
}
