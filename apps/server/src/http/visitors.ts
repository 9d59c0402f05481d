import { createHash, randomBytes } from 'node:crypto';

/** Somebody who may come in. `view`: may look at open projects and follow what happens, and change nothing. */
export interface Visitor {
  /** Short, for lists and for taking the invitation back; no secret. */
  readonly id: string;
  /** As the log names it. */
  readonly name: string;
  readonly access: 'edit' | 'view';
  /** When it was invited, in milliseconds since 1970. */
  readonly since: number;
  /** Fires when the invitation is taken back. */
  readonly gone: AbortSignal;
}

/** What a visitor may be called: nothing that could pass for more than a word in a line of the log. */
export const VISITOR_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u;

/** Visitors that may be invited at a time. */
const MOST = 256;

/** Who may come in, by the digest of a token: the tokens themselves are told once and kept nowhere. They end with the server. */
export class Visitors {
  readonly #known = new Map<string, { readonly visitor: Visitor; readonly cancel: AbortController }>();

  /** Invites somebody and tells the token. @throws RangeError for a name that cannot stand, or when there are too many. */
  invite(name: string, access: Visitor['access']): { readonly visitor: Visitor; readonly token: string } {
    if (!VISITOR_NAME.test(name))
      throw new RangeError(
        `a visitor's name is 1 to 40 letters, digits, spaces, ".", "_" or "-", got ${JSON.stringify(name)}`,
      );
    if (this.#known.size >= MOST) throw new RangeError(`there are ${MOST} invitations already; take some back`);
    const token = randomBytes(24).toString('base64url');
    const cancel = new AbortController();
    const id = randomBytes(6).toString('hex');
    const visitor: Visitor = { id, name, access, since: Date.now(), gone: cancel.signal };
    this.#known.set(digest(token), { visitor, cancel });
    return { visitor, token };
  }

  /** The visitor of a token. Looked up by digest, so that the time it takes says nothing about the token. */
  admit(token: string): Visitor | undefined {
    return this.#known.get(digest(token))?.visitor;
  }

  /** Takes an invitation back; what the visitor has open ends. Says whether there was one. */
  revoke(id: string): boolean {
    for (const [key, { visitor, cancel }] of this.#known) {
      if (visitor.id !== id) continue;
      this.#known.delete(key);
      cancel.abort();
      return true;
    }
    return false;
  }

  /** Everybody, oldest first. */
  list(): readonly Visitor[] {
    return [...this.#known.values()].map((k) => k.visitor);
  }
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64');
