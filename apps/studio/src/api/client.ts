import type {
  Edited,
  EngineChoice,
  ExportRequest,
  Failure,
  FolderListing,
  Job,
  MarkerFacts,
  ObjectChange,
  OpenedProject,
  ProjectState,
  Prompt,
  Proxies,
  Said,
  Session,
  TrackRequest,
} from '@rotokit/server/api';

/** What the server refused, with what to do about it. */
export class Refused extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Sends one request to the API. @throws Refused, also when the server cannot be reached. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = typeof init.body === 'string' ? { 'content-type': 'application/json' } : {};
  const response = await fetch(`/api${path}`, { ...init, headers }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    const fix = 'Look at the terminal where `rotokit serve` ran; everything that was reported done is in the project.';
    throw new Refused({ code: 'UNREACHABLE', message: 'the server does not answer', fix });
  });
  if (response.ok) return response;
  const failure = (await response.json().catch(() => undefined)) as Failure | undefined;
  throw new Refused(
    failure ?? { code: `HTTP_${response.status}`, message: response.statusText, fix: 'Reload the page.' },
  );
}

const get = async <T>(path: string): Promise<T> => (await send(path)).json() as Promise<T>;
const post = async <T>(path: string, body: unknown): Promise<T> =>
  (await send(path, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<T>;
const put = async <T>(path: string, body: unknown): Promise<T> =>
  (await send(path, { method: 'PUT', body: JSON.stringify(body) })).json() as Promise<T>;

/** The session: what is open, what could be. */
export const getSession = (): Promise<Session> => get('/session');
/** What lies in an opened folder. */
export const getFolder = (path: string): Promise<FolderListing> => get(`/files?folder=${encodeURIComponent(path)}`);
/** Opens a clip or a project. */
export const openProject = (path: string): Promise<OpenedProject> => post('/projects', { path });

/** Everything that can be asked of one open project. */
export class ProjectClient {
  readonly id: string;
  readonly #at: string;

  constructor(id: string) {
    this.id = id;
    this.#at = `/projects/${id}`;
  }

  state = (): Promise<ProjectState> => get(this.#at);
  proxies = (): Promise<Proxies> => get(`${this.#at}/proxies`);
  addObject = (name?: string): Promise<Edited & { object: string }> =>
    post(`${this.#at}/objects`, name === undefined ? {} : { name });
  say = (object: string, frame: number, prompts: readonly Said[]): Promise<Edited> =>
    post(`${this.#object(object)}/prompts`, { frame, prompts });
  sayDifferently = (object: string, prompt: string, instead: Prompt): Promise<Edited> =>
    put(`${this.#object(object)}/prompts/${encodeURIComponent(prompt)}`, { prompt: instead });
  goTo = (applied: number): Promise<Edited> => put(`${this.#at}/history`, { applied });
  mark = (object: string, frame: number, verdict: 'accepted' | 'ignored' | null): Promise<Edited> =>
    post(`${this.#at}/review`, { object, frame, verdict });
  move = (direction: 'undo' | 'redo'): Promise<Edited> => post(`${this.#at}/history/${direction}`, {});
  track = (request: TrackRequest): Promise<Job> => post(`${this.#at}/track`, request);
  export = (request: ExportRequest): Promise<Job> => post(`${this.#at}/export`, request);

  /** Gives the mask of a frame: a picture, or bytes in the coding of the core. */
  async giveMask(object: string, frame: number, mask: Blob): Promise<Edited> {
    const at = `${this.#object(object)}/anchors/${frame}`;
    return (await send(at, { method: 'PUT', body: mask })).json() as Promise<Edited>;
  }

  /** Says which frame the user looks at. */
  async lookAt(frame: number, object: string | undefined): Promise<void> {
    const about = object === undefined ? '' : `?object=${encodeURIComponent(object)}`;
    await send(`${this.#at}/look/${frame}${about}`, { method: 'POST' });
  }

  setMarker = (frame: number, facts: MarkerFacts): Promise<Edited> => put(`${this.#at}/markers/${frame}`, facts);

  async removeMarker(frame: number): Promise<void> {
    await send(`${this.#at}/markers/${frame}`, { method: 'DELETE' });
  }

  /** Chooses the engine of an object; undefined leaves it to the project. */
  async chooseEngine(object: string, choice: EngineChoice | undefined): Promise<void> {
    const init = choice ? { method: 'PUT', body: JSON.stringify(choice) } : { method: 'DELETE' };
    await send(`${this.#object(object)}/engine`, init);
  }

  async changeObject(object: string, change: ObjectChange): Promise<void> {
    await send(this.#object(object), { method: 'PATCH', body: JSON.stringify(change) });
  }

  async removeObject(object: string): Promise<void> {
    await send(this.#object(object), { method: 'DELETE' });
  }

  async takeBack(object: string, prompt: string): Promise<void> {
    await send(`${this.#object(object)}/prompts/${encodeURIComponent(prompt)}`, { method: 'DELETE' });
  }

  async clear(object: string, frame: number): Promise<void> {
    await send(`${this.#object(object)}/anchors/${frame}`, { method: 'DELETE' });
  }

  async cancel(job: string): Promise<void> {
    await send(`${this.#at}/jobs/${job}`, { method: 'DELETE' });
  }

  rawUrl = (frame: number): string => `${this.#at}/frames/${frame}/raw`;
  packUrl = (frame: number, count: number): string => `${this.#at}/proxies/${frame}?count=${count}`;
  jpegUrl = (frame: number, height: number): string => `${this.#at}/frames/${frame}/jpeg?height=${height}`;
  maskUrl = (object: string, frame: number, version: string): string =>
    `${this.#at}/masks/${encodeURIComponent(object)}/${frame}?v=${encodeURIComponent(version)}`;
  thumbnailUrl = (object: string, frame: number, version: string, colour: string): string =>
    `/api${this.#at}/thumbnails/${encodeURIComponent(object)}/${frame}?v=${encodeURIComponent(version)}&colour=${colour.slice(1)}`;
  eventsUrl = (): string => `/api${this.#at}/events`;

  #object(object: string): string {
    return `${this.#at}/objects/${encodeURIComponent(object)}`;
  }
}
