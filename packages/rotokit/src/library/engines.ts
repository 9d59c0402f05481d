import type { Engine } from '@rotokit/core/ports';
import type { Project } from '@rotokit/core/project';
import { defined } from '@rotokit/core/values';
import { choiceKey, type EngineChoice, engineChoiceOf } from '../engines/choice.js';
import { chooseEngine, type EngineWishes } from '../engines/choose.js';

/** What whoever opened the project asked for; each part that is left out is the project's to say. */
export type AskedEngine = { readonly [K in keyof EngineChoice]?: EngineChoice[K] | undefined };

/**
 * Which engine is meant by what a project says. An object's own choice counts for it; the others are followed as whoever opened the project asked, else
 * as its settings say, else by the best engine that is installed.
 */
export class Engines {
  readonly #asked: AskedEngine;
  readonly #wishes: Omit<EngineWishes, 'profile' | 'policy'>;
  readonly #chosen = new Map<string, Promise<Engine>>();
  readonly #known: Engine[] = [];

  constructor(asked: AskedEngine, wishes: EngineWishes) {
    const { profile: _p, policy: _m, ...rest } = wishes; // a choice's own, or what was asked for
    this.#asked = asked;
    this.#wishes = rest;
  }

  /** The choice that counts for an object, by its identity or name; for objects without one of their own when none is given. */
  choiceFor(project: Project, object?: string): EngineChoice {
    const own = object === undefined ? undefined : engineChoiceOf(project.object(object).engine);
    return own ?? { engine: 'auto', ...engineChoiceOf(project.settings.engine), ...defined(this.#asked) };
  }

  /**
   * The engine of a choice, not opened. Choices that come to the same engine, to the last digit of what it would answer, share it. A refusal is not kept.
   * @throws RotokitError ENGINE_UNAVAILABLE, MEMORY_LIMIT, INFERENCE_MISSING; RangeError for a policy that is none.
   */
  engine(choice: EngineChoice): Promise<Engine> {
    const key = choiceKey(choice);
    const known = this.#chosen.get(key);
    if (known) return known;
    const { engine, ...how } = choice;
    const chosen = chooseEngine(engine, [], { ...this.#wishes, ...defined(how) }).then((c) => this.#shared(c.engine));
    this.#chosen.set(key, chosen);
    chosen.catch(() => this.#chosen.delete(key));
    return chosen;
  }

  #shared(engine: Engine): Engine {
    const same = (e: Engine) =>
      e.name === engine.name && JSON.stringify(e.provenance) === JSON.stringify(engine.provenance);
    const known = this.#known.find(same);
    if (!known) this.#known.push(engine);
    return known ?? engine;
  }
}
