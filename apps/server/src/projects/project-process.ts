import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Failure, ServerEvent } from '../api/index.js';
import type { FromHost, HostRequest, ProjectCalls, ToHost } from '../host/messages.js';

/** A call that a project's process refused, with what to tell the user. */
export class CallFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

const GONE: Failure = {
  code: 'PROJECT_GONE',
  message: 'the process of this project has ended',
  fix: 'Open the project again; everything that was reported done is in it.',
};

const ENTRY = fileURLToPath(new URL('../host/main.js', import.meta.url));

/** Calls that take no time worth making room for. */
const BESIDE = new Set<keyof ProjectCalls>(['state', 'memory', 'jobs']);

/** How long a process may take to close its project before it is ended. */
const CLOSE_MS = 5000;

/** The process of an open project, seen from the server. */
export class ProjectProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(v: unknown): void; reject(e: unknown): void }>();
  #next = 1;
  #ended = false;
  readonly #hold: () => () => void;

  private constructor(child: ChildProcess, tell: (event: ServerEvent) => void, hold: () => () => void) {
    this.#child = child;
    this.#hold = hold;
    child.on('message', (m: FromHost) => {
      if (m.kind === 'event') tell(m.event);
      if (m.kind === 'value') this.#settle(m.id)?.resolve(m.value);
      if (m.kind === 'failed') this.#settle(m.id)?.reject(new CallFailed(m.failure));
    });
    child.once('exit', (code, signal) => {
      this.#ended = true;
      for (const { reject } of this.#waiting.values()) reject(new CallFailed(GONE));
      this.#waiting.clear();
      tell({ type: 'gone', reason: signal ? `ended by ${signal}` : `ended with ${code}` });
    });
  }

  /**
   * Starts a process and opens the project in it. `hold` says that the machine is needed, while a call that somebody waits for is under way.
   * @throws CallFailed with the library's refusal.
   */
  static start(
    request: HostRequest,
    tell: (event: ServerEvent) => void,
    hold: () => () => void = () => () => {},
  ): Promise<ProjectProcess> {
    const child = fork(ENTRY, {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new CallFailed(GONE)));
      child.once('message', (m: FromHost) => {
        if (m.kind === 'opened') resolve(new ProjectProcess(child, tell, hold));
        else {
          reject(m.kind === 'refused' ? new CallFailed(m.failure) : new CallFailed(GONE));
          child.kill('SIGKILL');
        }
      });
      child.send({ kind: 'open', request } satisfies ToHost);
    });
  }

  /** Whether the process still answers. */
  get alive(): boolean {
    return !this.#ended;
  }

  /** Number of the process, for tests and `ps`. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks for one thing. @throws CallFailed. */
  call<M extends keyof ProjectCalls>(method: M, ...args: Parameters<ProjectCalls[M]>): ReturnType<ProjectCalls[M]> {
    if (this.#ended) return Promise.reject(new CallFailed(GONE)) as ReturnType<ProjectCalls[M]>;
    const id = this.#next++;
    const answer = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#child.send({ kind: 'call', id, method, args } satisfies ToHost, (error) => {
      if (error) this.#settle(id)?.reject(new CallFailed(GONE));
    });
    const release = BESIDE.has(method) ? undefined : this.#hold();
    if (release) answer.then(release, release);
    return answer as ReturnType<ProjectCalls[M]>;
  }

  /** Closes the project and ends the process. */
  async close(): Promise<void> {
    if (this.#ended) return;
    const exit = new Promise((resolve) => this.#child.once('exit', resolve));
    const forced = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_MS);
    await this.call('close').catch(() => this.#child.kill('SIGKILL'));
    await exit;
    clearTimeout(forced);
  }

  #settle(id: number) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
