import { existsSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, relative, resolve } from 'node:path';
import { MemoryProject } from '@rotokit/core/fakes';
import type { ClipInfo, FrameSource, Store } from '@rotokit/core/ports';
import { clipRecord, RotoDocument } from '@rotokit/core/project';
import { RotokitError } from '@rotokit/core/values';
import { type OpenOptions, openClip } from '@rotokit/media';
import { createRoto, openRoto as openStore } from '@rotokit/store';
import type { EngineWishes } from '../engines/choose.js';
import { Engines } from './engines.js';
import { pastOf } from './past.js';
import { openResources, type ResourceChoices } from './resources.js';
import { Roto } from './roto.js';
import { Sessions } from './sessions.js';

/** How to open a clip or a project. */
export interface RotoOptions extends Omit<EngineWishes, 'resources'>, ResourceChoices {
  /** For objects without an engine of their own, over what the project says; `auto` takes the best engine that is installed. */
  readonly engine?: string;
  /** Where to keep the work on a clip: a `.roto` file, made if there is none. In memory when left out. */
  readonly project?: string;
  /** `read`: look at a project while somebody else works on it. */
  readonly access?: 'write' | 'read';
  /** Name of the shot, which files are called by; from the file's name when left out. */
  readonly shot?: string;
  readonly media?: OpenOptions;
}

/**
 * Opens a clip (`plate.mov`, `plate.####.exr`, a folder) or a project (`shot.roto`). The caller closes it.
 * @throws RotokitError MEDIA_*, PROJECT_*, ENGINE_UNAVAILABLE. RangeError for a preset or a limit that is none.
 * @example
 * await using roto = await openRoto('plate.mov');
 * await roto.object('hero').click({ frame: 1040, x: 412, y: 220 });
 * for await (const done of roto.track()) console.log(done.frame, done.object, done.confidence);
 * await roto.export('exr', 'out');
 */
export async function openRoto(path: string, options: RotoOptions = {}): Promise<Roto> {
  const { engine, profile, policy } = options;
  const resources = openResources(options);
  const engines = new Engines({ engine, profile, policy }, { ...options, resources });
  // What was asked for by name is refused before anything is opened.
  if (engine !== undefined && engine !== 'auto') await engines.engine({ engine, profile, policy });
  const { decoded, ahead } = resources.settings;
  const full = { ...options, media: { ringBytes: decoded, ahead, ...options.media } };
  const { source, store } = extname(path) === '.roto' ? await openProject(path, full) : await openPlate(path, full);
  try {
    const document = await RotoDocument.open(store, { now: Date.now });
    const shot = options.shot ?? shotName(options.project ?? path);
    return new Roto({ document, source, shot, sessions: new Sessions(engines, source, resources, pastOf(document)) });
  } catch (error) {
    await Promise.allSettled([source.close(), store.close()]);
    throw error;
  }
}

/**
 * Makes a new project for a clip and opens it.
 * @throws RotokitError PROJECT_EXISTS, and as `openRoto`.
 */
export async function newRoto(
  clip: string,
  project: string,
  options: Omit<RotoOptions, 'project'> = {},
): Promise<Roto> {
  if (existsSync(project)) throw new RotokitError('PROJECT_EXISTS', { path: project });
  return openRoto(clip, { ...options, project });
}

interface Opened {
  readonly source: FrameSource;
  readonly store: Store;
}

async function openProject(path: string, options: RotoOptions): Promise<Opened> {
  const store = await openStore(path, { access: options.access ?? 'write' });
  try {
    const clip = (await store.load()).records.find((r) => r.type === 'clip');
    if (!clip) throw new RotokitError('PROJECT_UNREADABLE', { path, reason: 'it names no clip' });
    const named = clip.path as string;
    const source = await openClip(isAbsolute(named) ? named : resolve(dirname(path), named), options.media);
    try {
      checkClip(path, source.info, clip as unknown as ReturnType<typeof clipRecord>);
      return { source, store };
    } catch (error) {
      await source.close();
      throw error;
    }
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The clip behind a project is still the one it was made for. */
function checkClip(path: string, info: ClipInfo, record: ReturnType<typeof clipRecord>): void {
  const { size, frames } = record;
  if (size.width === info.size.width && size.height === info.size.height && frames === info.frames) return;
  const reason = `it was made for ${frames} frames of ${size.width}x${size.height}, ${info.path} has ${info.frames} of ${info.size.width}x${info.size.height}`;
  throw new RotokitError('PROJECT_UNREADABLE', { path, reason });
}

async function openPlate(path: string, options: RotoOptions): Promise<Opened> {
  const { project } = options;
  if (project && existsSync(project)) {
    const opened = await openProject(project, options);
    const [clip, asked] = [resolve(opened.source.info.path), resolve(path)];
    if (clip === asked) return opened;
    await Promise.all([opened.source.close(), opened.store.close()]);
    throw new RotokitError('PROJECT_OTHER_CLIP', { path: project, clip, asked });
  }
  const source = await openClip(path, options.media);
  try {
    const { size, frames, rate, first } = source.info;
    const facts = { size, frames, rate, first };
    if (!project) return { source, store: new MemoryProject([clipRecord({ ...facts, path })]).open() };
    const stored = relative(dirname(resolve(project)), resolve(path));
    return { source, store: await createRoto(project, [clipRecord({ ...facts, path: stored })]) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Extensions of pictures: only their names end in a frame number. `sh010.mov` is shot `sh010`. */
const PICTURE = /\.(?:jpe?g|png|exr|dpx|tiff?)$/i;

/** The name of a shot from its clip's or project's path: `plates/sh010_plate.####.exr` is `sh010_plate`. */
export function shotName(path: string): string {
  const name = basename(resolve(path));
  const whole = name.replace(/\.[^.]+$/, '').replace(/[._-]?(?:#+|%\d*d)$/, '');
  const stem = PICTURE.test(name) ? whole.replace(/[._-]?\d{3,}$/, '') : whole;
  return stem.replace(/[^\w-]+/g, '_') || 'shot';
}
