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
    formats: ['exr', 'crypto', 'nuke'],
    options: { exr: { compression: 'zips', window: 'cropped' } },
    about:
      'layered EXR and Cryptomatte, ZIPS, cropped (Nuke reads line by line and uses the data window), and a Roto node',
  },
  ae: {
    formats: ['prores', 'png', 'ae'],
    options: {},
    about: 'ProRes 4444 with straight alpha, 16-bit PNG mattes, and masks as a script',
  },
  resolve: {
    formats: ['exr', 'prores', 'otio', 'edl', 'fusion'],
    options: {},
    about: 'EXR mattes, ProRes 4444, the shot as OTIO and EDL, and masks for the Fusion page',
  },
  silhouette: {
    formats: ['exr', 'silhouette'],
    options: { exr: { compression: 'zip', parts: false } },
    about: 'layered EXR over the whole picture, and shapes',
  },
  blender: {
    formats: ['crypto', 'png', 'blender'],
    options: { exr: { window: 'whole' } },
    about: 'Cryptomatte over the whole picture for its node, 16-bit PNG mattes, and masks as a script',
  },
  dataset: {
    formats: ['davis', 'coco', 'youtube-vis', 'mots', 'mots-png', 'labelme', 'cvat'],
    options: {},
    about: 'masks in every data set format',
  },
};
