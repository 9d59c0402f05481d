import type { Engine, EngineSession, FrameSource } from '@rotokit/core/ports';
import type { MemoryClaim } from '@rotokit/core/resources';
import { watchMemory } from '../resources/memory-probe.js';
import { claimFor, type OpenResources } from './resources.js';

/** An engine at work on the clip. */
export interface OpenSession {
  readonly engine: Engine;
  readonly session: EngineSession;
}

/** The engine's session on a clip: opened when it is first needed, once, and closed with the clip. */
export class Sessions {
  readonly #engine: () => Promise<Engine>;
  readonly #source: FrameSource;
  readonly #resources: OpenResources;
  #claim: MemoryClaim | undefined;
  #unwatch: () => void = () => {};
  #open: Promise<OpenSession> | undefined;

  constructor(engine: () => Promise<Engine>, source: FrameSource, resources: OpenResources) {
    this.#engine = engine;
    this.#source = source;
    this.#resources = resources;
  }

  /**
   * The session, opened now if it was not. A failure to open is not kept: the next call tries again.
   * @throws RotokitError MEMORY_LIMIT before anything is opened.
   */
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
    this.#unwatch();
    if (open) await (await open.catch(() => undefined))?.session.close();
    this.#claim?.release();
  }

  async #start(): Promise<OpenSession> {
    const engine = await this.#engine();
    const claim = await claimFor(engine.name, this.#source.info.size, this.#resources);
    try {
      const session = await engine.open(this.#source);
      this.#claim = claim;
      this.#unwatch = watchMemory(this.#resources.budget);
      return { engine, session };
    } catch (error) {
      claim?.release();
      throw error;
    }
  }
}
