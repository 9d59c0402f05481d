import type { ObjectId } from '@rotokit/core/values';
import { MemoryBank } from '../memory/bank.js';
import type { Follower, MemoryPolicy } from '../memory/policy.js';
import type { BankView } from '../memory/view.js';
import type { KeptMemories, KeptMemory } from './memories.js';

/** An object that is being followed. */
export interface FollowedObject {
  readonly id: ObjectId;
  readonly bank: MemoryBank<KeptMemory, Float32Array>;
  /** Prompted frames' logits: what is shown when a walk comes to such a frame. */
  readonly logits: Map<number, Float32Array>;
  /** The direction of the last walk over each tracked frame that was not prompted before. */
  readonly walked: Map<number, 1 | -1>;
  /** The policy at work, one for each direction. */
  follower(step: 1 | -1): Follower;
  /** A prompt starts them anew. */
  restart(): void;
  /** The bank as it was looked at last. */
  view: BankView | undefined;
}

/** The objects of a tracker in the order in which they were added. Invariant: an id occurs once and stays its object's until removed. */
export class ObjectTable {
  readonly #objects = new Map<ObjectId, FollowedObject>();
  readonly #policy: MemoryPolicy;
  readonly #memories: KeptMemories;

  constructor(policy: MemoryPolicy, memories: KeptMemories) {
    this.#policy = policy;
    this.#memories = memories;
  }

  get all(): readonly FollowedObject[] {
    return [...this.#objects.values()];
  }

  /** @throws RangeError for an id that is not there. */
  get(id: ObjectId): FollowedObject {
    const found = this.#objects.get(id);
    if (!found) throw new RangeError(`object ${id} is not being followed`);
    return found;
  }

  has(id: ObjectId): boolean {
    return this.#objects.has(id);
  }

  /** @throws RangeError for an id that is there already. */
  add(id: ObjectId): FollowedObject {
    if (this.#objects.has(id)) throw new RangeError(`object ${id} is being followed already`);
    const followers = new Map<1 | -1, Follower>();
    const object: FollowedObject = {
      id,
      bank: new MemoryBank((memory) => this.#memories.forget(memory)),
      logits: new Map(),
      walked: new Map(),
      follower: (step) => {
        const known = followers.get(step);
        if (known) return known;
        const made = this.#policy.begin();
        followers.set(step, made);
        return made;
      },
      restart: () => followers.clear(),
      view: undefined,
    };
    this.#objects.set(id, object);
    return object;
  }

  /** Forgets an object and all that is remembered of it. @throws RangeError for an id that is not there. */
  remove(id: ObjectId): void {
    this.get(id).bank.clear();
    this.#objects.delete(id);
  }
}
