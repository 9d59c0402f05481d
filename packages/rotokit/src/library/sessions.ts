import type { Engine, EngineSession, FrameSource, Past } from '@rotokit/core/ports';
import type { Project } from '@rotokit/core/project';
import type { MemoryClaim } from '@rotokit/core/resources';
import type { EngineChoice } from '../engines/choice.js';
import { watchMemory } from '../resources/memory-probe.js';
import type { Engines } from './engines.js';
import { needOf, type OpenResources } from './resources.js';

/** An engine at work on the clip. */
export interface OpenSession {
  readonly engine: Engine;
  readonly session: EngineSession;
}

interface HeldSession extends OpenSession {
  /** What was asked for, all in all. */
  readonly claims: MemoryClaim[];
  claimed: number;
}

/** The engines' sessions on a clip: each is opened when it is first needed, once, and closed with the clip, or when nothing is followed by it any more. */
export class Sessions {
  readonly #engines: Engines;
  readonly #source: FrameSource;
  readonly #resources: OpenResources;
  readonly #past: Past;
  readonly #open = new Map<Engine, Promise<HeldSession>>();
  #unwatch: (() => void) | undefined;

  /** `past`: what the project knows of its objects. */
  constructor(engines: Engines, source: FrameSource, resources: OpenResources, past: Past) {
    this.#engines = engines;
    this.#source = source;
    this.#resources = resources;
    this.#past = past;
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
   * The session of an engine, opened now if it was not, with memory for following so many objects. A failure to open is not kept: the next call tries again.
   * @throws RotokitError MEMORY_LIMIT before anything is opened or followed.
   */
  async open(choice: EngineChoice, objects = 1): Promise<OpenSession> {
    const engine = await this.#engines.engine(choice);
    let opening = this.#open.get(engine);
    if (!opening) {
      opening = this.#start(engine, objects);
      this.#open.set(engine, opening);
      opening.catch(() => this.#open.delete(engine));
    }
    const held = await opening;
    await this.#claim(held, objects);
    return held;
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
    for (const claim of open?.claims ?? []) claim.release();
  }

  async #start(engine: Engine, objects: number): Promise<HeldSession> {
    const asked = { engine, claims: [] as MemoryClaim[], claimed: 0 };
    await this.#claim(asked, objects);
    try {
      const session = await engine.open(this.#source, this.#past);
      this.#unwatch ??= watchMemory(this.#resources.budget);
      return { ...asked, session };
    } catch (error) {
      for (const claim of asked.claims) claim.release();
      throw error;
    }
  }

  /** Asks for what is needed for so many objects beyond what was asked for already. */
  async #claim(held: Pick<HeldSession, 'engine' | 'claims' | 'claimed'>, objects: number): Promise<void> {
    const { settings, budget } = this.#resources;
    const { size } = this.#source.info;
    const more = needOf(held.engine, size, objects, settings) - held.claimed;
    if (more <= 0) return;
    const what = `following ${objects === 1 ? 'an object' : `${objects} objects`} through ${size.width}x${size.height} with ${held.engine.name}`;
    held.claimed += more; // before anybody else asks for it too
    try {
      held.claims.push(await budget.claim(what, more));
    } catch (error) {
      held.claimed -= more;
      throw error;
    }
  }
}
