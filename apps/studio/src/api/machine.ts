import type {
  BatchItem,
  BatchRequest,
  EngineChoice,
  EngineList,
  ExportOutlook,
  ExportRequest,
  Job,
  Link,
  ListedPreset,
  MadeLink,
  ModelState,
  Preset,
  PresetFile,
  Resources,
  SpaceEstimate,
} from '@rotokit/server/api';
import { send } from './client.js';

const json = async <T>(path: string, method = 'GET', body?: unknown): Promise<T> => {
  const response = await send(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return (response.status === 204 ? undefined : await response.json()) as T;
};
const at = (project: string) => `/projects/${project}`;

/** What an export would leave and what stands against it. */
export const exportOutlook = (project: string, request: ExportRequest): Promise<ExportOutlook> =>
  json(`${at(project)}/export/outlook`, 'POST', request);
/** About how much room an export takes. */
export const spaceEstimate = (project: string, request: ExportRequest): Promise<SpaceEstimate> =>
  json(`${at(project)}/export/estimate`, 'POST', request);
/** Goes on with a paused job. */
export const resumeJob = (project: string, job: string): Promise<Job> => json(`${at(project)}/jobs/${job}`, 'POST');
/** Chooses a project's engine. */
export const chooseEngine = (project: string, choice: EngineChoice): Promise<void> =>
  json(`${at(project)}/engine`, 'PUT', choice);

/** The engines and policies that can be chosen, with what stands against them. */
export const getEngines = (): Promise<EngineList> => json('/engines');

/** Presets of the program's own and of the user. */
export const getPresets = (): Promise<ListedPreset[]> => json('/presets');
/** Keeps presets under their names. */
export const keepPresets = (presets: readonly Preset[]): Promise<ListedPreset[]> =>
  json('/presets', 'POST', { rotokit: 'presets', version: 1, presets } satisfies Omit<PresetFile, 'presets'> & {
    presets: readonly Preset[];
  });
/** Takes a preset of the user away. */
export const removePreset = ({ kind, name }: Preset): Promise<void> =>
  json(`/presets/${kind}/${encodeURIComponent(name)}`, 'DELETE');

/** The clips of the batch. */
export const getBatch = (): Promise<BatchItem[]> => json('/batch');
/** Adds clips to the batch. */
export const addToBatch = (request: BatchRequest): Promise<BatchItem[]> => json('/batch', 'POST', request);
/** Takes an entry off the batch. */
export const removeFromBatch = (item: string): Promise<void> => json(`/batch/${item}`, 'DELETE');

/** Every model. */
export const getModels = (): Promise<ModelState[]> => json('/models');
/** Brings a model here. */
export const pullModel = (model: string, acceptLicence: boolean): Promise<void> =>
  json(`/models/${model}/pull`, 'POST', { acceptLicence });
/** Stops a download. */
export const stopPull = (model: string): Promise<void> => json(`/models/${model}/pull`, 'DELETE');
/** Deletes a model's files. */
export const removeModel = (model: string): Promise<{ freed: number }> => json(`/models/${model}`, 'DELETE');

/** What is used now. */
export const getResources = (): Promise<Resources> => json('/resources');

/** Who is invited. */
export const getLinks = (): Promise<Link[]> => json('/links');
/** A link for looking only. */
export const makeLink = (name: string): Promise<MadeLink> => json('/links', 'POST', { name });
/** Takes a link back. */
export const removeLink = (link: string): Promise<void> => json(`/links/${link}`, 'DELETE');
