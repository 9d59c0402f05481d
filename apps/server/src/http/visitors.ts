import { createHash, randomBytes } from 'node:crypto';
import type { KeptVisitor, VisitorFile } from './visitor-file.js';

/** Somebody who may come in. `view`: may look at open projects and follow what happens, and change nothing. */
export interface Visitor {
  /** Short, for lists and for taking the invitation back; no secret. */
  readonly id: string;
  /** As the log names it. */
  readonly name: string;
  readonly access: 'edit' | 'view';
  /** When it was invited, in milliseconds since 1970. */
  readonly since: number;
  /** When the invitation ends; undefined where it ends with the server. */
  readonly until?: number | undefined;
  /** Fires when the invitation has ended. */
  readonly gone: AbortSignal;
}

/** Somebody new, and the token, which is told once. */
export interface Invitation {
  readonly visitor: Visitor;
  readonly token: string;
}

/** How long invitations outlive the server: where they are kept, and for how many milliseconds each is good. */
export interface Keeping {
  readonly file: VisitorFile;
  readonly milliseconds: number;
}

/** What a visitor may be called: nothing that could pass for more than a word in a line of the log. */
export const VISITOR_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u;

/** Visitors that may be invited at a time. */
const MOST = 256;
/** How often it is looked at whether an invitation has ended, in milliseconds. */
const LOOK_MS = 30_000;

interface Known {
  readonly visitor: Visitor;
  readonly cancel: AbortController;
}

/** Who may come in, by the digest of a token: the tokens themselves are told once and kept nowhere. */
export class Visitors {
  readonly #known = new Map<string, Known>();
  readonly #keeping: Keeping | undefined;
  readonly #now: () => number;
  readonly #looking: ReturnType<typeof setInterval>;

  private constructor(keeping: Keeping | undefined, now: () => number) {
    this.#keeping = keeping;
    this.#now = now;
    this.#looking = setInterval(() => this.#endLate(), LOOK_MS).unref();
  }

  /** Nobody; or with a file those whose invitation has not ended. */
  static async open(keeping?: Keeping, now: () => number = Date.now): Promise<Visitors> {
    const visitors = new Visitors(keeping, now);
    for (const kept of (await keeping?.file.read())?.visitors ?? []) visitors.#add(kept);
    visitors.#endLate();
    return visitors;
  }

  /** Whether invitations outlive the server. */
  get kept(): boolean {
    return this.#keeping !== undefined;
  }

  /** Invites somebody and tells the token; where invitations are kept, written down when this resolves. @throws RangeError for a name that cannot stand, or when there are too many. */
  async invite(name: string, access: Visitor['access']): Promise<Invitation> {
    if (!VISITOR_NAME.test(name))
      throw new RangeError(
        `a visitor's name is 1 to 40 letters, digits, spaces, ".", "_" or "-", got ${JSON.stringify(name)}`,
      );
    if (this.#known.size >= MOST) throw new RangeError(`there are ${MOST} invitations already; take some back`);
    const token = randomBytes(24).toString('base64url');
    const since = this.#now();
    const until = this.#keeping && since + this.#keeping.milliseconds;
    const visitor = this.#add({
      id: randomBytes(6).toString('hex'),
      name,
      access,
      since,
      until,
      digest: digest(token),
    });
    await this.#keep();
    return { visitor, token };
  }

  /** The visitor of a token. Looked up by digest, so that the time it takes says nothing about the token. */
  admit(token: string): Visitor | undefined {
    const key = digest(token);
    const visitor = this.#known.get(key)?.visitor;
    if (!visitor || !this.#isLate(visitor)) return visitor;
    this.#end(key);
    return undefined;
  }

  /** Takes an invitation back; what the visitor has open ends. Says whether there was one. */
  async revoke(id: string): Promise<boolean> {
    const key = [...this.#known].find(([, { visitor }]) => visitor.id === id)?.[0];
    if (key === undefined) return false;
    this.#end(key);
    await this.#keep();
    return true;
  }

  /** Everybody, oldest first. */
  list(): readonly Visitor[] {
    return [...this.#known.values()].map((k) => k.visitor);
  }

  /** Looks no longer whether invitations have ended. */
  close(): void {
    clearInterval(this.#looking);
  }

  #add({ digest: key, ...facts }: Omit<KeptVisitor, 'until'> & { readonly until: number | undefined }): Visitor {
    const cancel = new AbortController();
    const visitor: Visitor = { ...facts, gone: cancel.signal };
    this.#known.set(key, { visitor, cancel });
    return visitor;
  }

  #isLate = ({ until }: Visitor): boolean => until !== undefined && until <= this.#now();

  #endLate(): void {
    for (const [key, { visitor }] of this.#known) if (this.#isLate(visitor)) this.#end(key);
  }

  #end(key: string): void {
    this.#known.get(key)?.cancel.abort();
    this.#known.delete(key);
  }

  async #keep(): Promise<void> {
    await this.#keeping?.file.change(() => ({
      version: 1,
      visitors: [...this.#known].flatMap(([key, { visitor }]) => {
        const { id, name, access, since, until } = visitor;
        return until === undefined ? [] : [{ id, name, access, since, until, digest: key }];
      }),
    }));
  }
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64');
