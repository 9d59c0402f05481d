import type { Engine, EngineSession, FrameSource } from '@rotokit/core/ports';
import type { Project } from '@rotokit/core/project';
import type { MemoryClaim } from '@rotokit/core/resources';
import type { EngineChoice } from '../engines/choice.js';
import { watchMemory } from '../resources/memory-probe.js';
import type { Engines } from './engines.js';
import { claimFor, type OpenResources } from './resources.js';

/** An engine at work on the clip. */
export interface OpenSession {
  readonly engine: Engine;
  readonly session: EngineSession;
}

interface HeldSession extends OpenSession {
  readonly claim: MemoryClaim | undefined;
}

/** The engines' sessions on a clip: each is opened when it is first needed, once, and closed with the clip, or when nothing is followed by it any more. */
export class Sessions {
  readonly #engines: Engines;
  readonly #source: FrameSource;
  readonly #resources: OpenResources;
  readonly #open = new Map<Engine, Promise<HeldSession>>();
  #unwatch: (() => void) | undefined;

  constructor(engines: Engines, source: FrameSource, resources: OpenResources) {
    this.#engines = engines;
    this.#source = source;
    this.#resources = resources;
  }

  /** The choice of an engine that counts for an object; for those without one of their own when none is given. */
  choiceFor(project: Project, object?: string): EngineChoice {
    return this.#engines.choiceFor(project, object);
  }

  /** The engine that would be opened: its name and what makes its results reproducible. @throws RotokitError ENGINE_UNAVAILABLE. */
  engine(choice: EngineChoice): Promise<Engine> {
    return this.#engines.engine(choice);
  }

  /**
   * The session of an engine, opened now if it was not. A failure to open is not kept: the next call tries again.
   * @throws RotokitError MEMORY_LIMIT before anything is opened.
   */
  async open(choice: EngineChoice): Promise<OpenSession> {
    const engine = await this.#engines.engine(choice);
    const known = this.#open.get(engine);
    if (known) return known;
    const opening = this.#start(engine);
    this.#open.set(engine, opening);
    opening.catch(() => this.#open.delete(engine));
    return opening;
  }

  /** Closes the sessions of engines that no choice of a project comes to, to have their memory for others. None of them may be at work. */
  async keepUsed(project: Project): Promise<void> {
    if (this.#open.size < 2) return;
    const choices = [undefined, ...project.objects().map((o) => o.id)].map((o) => this.choiceFor(project, o));
    const engines = await Promise.all(choices.map((c) => this.engine(c).catch(() => undefined)));
    await Promise.all([...this.#open.keys()].filter((e) => !engines.includes(e)).map((e) => this.#close(e)));
  }

  /** Closes what was opened. */
  async close(): Promise<void> {
    this.#unwatch?.();
    await Promise.all([...this.#open.keys()].map((e) => this.#close(e)));
  }

  async #close(engine: Engine): Promise<void> {
    const open = await this.#open.get(engine)?.catch(() => undefined);
    this.#open.delete(engine);
    await open?.session.close();
    open?.claim?.release();
  }

  async #start(engine: Engine): Promise<HeldSession> {
    const claim = await claimFor(engine.name, this.#source.info.size, this.#resources);
    try {
      const session = await engine.open(this.#source);
      this.#unwatch ??= watchMemory(this.#resources.budget);
      return { engine, session, claim };
    } catch (error) {
      claim?.release();
      throw error;
    }
  }
}
