import type { DeliverableOptions } from './catalogue.js';
import type { DeliverableName } from './deliverable.js';

/** What a host wants: formats, and how they are stored. */
export interface Preset {
  readonly formats: readonly DeliverableName[];
  readonly options: DeliverableOptions;
  /** Why, in a line for `--help` and the docs. */
  readonly about: string;
}

/** Names of presets, as `--preset` takes them. */
export const PRESET_NAMES = ['nuke', 'ae', 'resolve', 'silhouette', 'blender', 'dataset'] as const;
/** A preset's name. */
export type PresetName = (typeof PRESET_NAMES)[number];

/** What each host reads best. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  nuke: {
    formats: ['exr', 'crypto'],
    options: { exr: { compression: 'zips', window: 'cropped' } },
    about: 'layered EXR and Cryptomatte, ZIPS, cropped: Nuke reads line by line and uses the data window',
  },
  ae: {
    formats: ['prores', 'png'],
    options: {},
    about: 'ProRes 4444 with straight alpha, and 16-bit PNG mattes',
  },
  resolve: {
    formats: ['exr', 'prores', 'otio', 'edl'],
    options: {},
    about: 'EXR mattes, ProRes 4444, and the shot as OTIO and EDL',
  },
  silhouette: {
    formats: ['exr'],
    options: { exr: { compression: 'zip', parts: false } },
    about: 'layered EXR over the whole picture',
  },
  blender: {
    formats: ['crypto', 'png'],
    options: { exr: { window: 'whole' } },
    about: 'Cryptomatte over the whole picture for its node, and 16-bit PNG mattes',
  },
  dataset: {
    formats: ['davis', 'coco', 'youtube-vis', 'mots', 'mots-png', 'labelme', 'cvat'],
    options: {},
    about: 'masks in every data set format',
  },
};
