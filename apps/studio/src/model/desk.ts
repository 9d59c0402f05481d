import type { ServerEvent } from '@rotokit/server/api';
import { ProjectClient } from '../api/client.js';
import { Pictures } from '../pictures/pictures.js';
import { type ObjectModel, projectModel, withTracked } from './project-model.js';
import { note, studio, tellFailure } from './studio-state.js';

/** The project on the desk: its client, its pictures, and the line on which the server tells what happens. */
export interface Desk {
  readonly client: ProjectClient;
  readonly pictures: Pictures;
  readonly events: EventSource;
}

let current: Desk | undefined;

/** The project on the desk. @throws Error when there is none. */
export function desk(): Desk {
  if (!current) throw new Error('no project is open');
  return current;
}

/** The pictures, while a project is open. */
export const pictures = (): Pictures | undefined => current?.pictures;

/** Puts a project on the desk and follows what happens to it. */
export async function putOnDesk(id: string): Promise<void> {
  current?.events.close();
  current?.pictures.close();
  const client = new ProjectClient(id);
  const project = projectModel(await client.state());
  const events = new EventSource(client.eventsUrl());
  current = { client, pictures: new Pictures(client), events };
  const { first, frames } = project.clip;
  studio.set({
    project,
    proxies: undefined,
    frame: first,
    work: [first, first + frames - 1],
    selected: project.objects[0]?.id,
    dialog: undefined,
  });
  history.replaceState(null, '', `#${id}`);
  document.title = `${project.shot} - Rotokit`;
  events.onopen = () => {
    studio.set({ connected: true });
    // What was told before this stream, or while there was none.
    client.proxies().then(
      (proxies) => events === current?.events && studio.set({ proxies }),
      () => {},
    );
  };
  events.onerror = () => studio.set({ connected: false });
  events.onmessage = (message) => follow(JSON.parse(message.data as string) as ServerEvent);
}

function follow(event: ServerEvent): void {
  const { project } = studio.get();
  if (!project) return;
  if (event.type === 'tracked') studio.set({ project: withTracked(project, event.masks) });
  else if (event.type === 'proxies') studio.set({ proxies: event.proxies });
  else if (event.type === 'job') {
    const known = project.jobs.some((j) => j.id === event.job.id);
    const jobs = known
      ? project.jobs.map((j) => (j.id === event.job.id ? event.job : j))
      : [...project.jobs, event.job];
    studio.set({ project: { ...project, jobs } });
    if (event.job.state === 'failed') tellFailure({ failure: event.job.failure });
    if (event.job.state === 'done' && event.job.kind === 'export') note(`Exported to ${event.job.folder}`);
  } else if (event.type === 'gone') {
    studio.set({ connected: false });
    tellFailure({
      failure: {
        code: 'PROJECT_GONE',
        message: 'the project was closed',
        fix: 'Open it again; nothing that was done is lost.',
      },
    });
  } else if (event.revision !== project.revision) void refresh();
}

let refreshing: Promise<void> | undefined;
let again = false;

/** Asks for the state anew; requests that come while one is under way become one. */
export function refresh(): Promise<void> {
  if (refreshing) {
    again = true;
    return refreshing;
  }
  refreshing = (async () => {
    do {
      again = false;
      const project = projectModel(await desk().client.state());
      const { selected, solo } = studio.get();
      const there = (id: string | undefined) => project.objects.find((o) => o.id === id)?.id;
      studio.set({ project, selected: there(selected) ?? project.objects[0]?.id, solo: there(solo) });
    } while (again);
  })()
    .catch(tellFailure)
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

/** The objects that are shown now, in the order they are drawn. */
export function shownObjects(): readonly ObjectModel[] {
  const { project, solo } = studio.get();
  const all = project?.objects ?? [];
  return solo ? all.filter((o) => o.id === solo) : all.filter((o) => o.visible);
}

/** The selected object. */
export function selectedObject(): ObjectModel | undefined {
  const { project, selected } = studio.get();
  return project?.objects.find((o) => o.id === selected);
}
