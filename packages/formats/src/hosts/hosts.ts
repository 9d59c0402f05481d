import { afterEffects } from './after-effects.js';
import { blender } from './blender.js';
import { fusion } from './fusion.js';
import type { Host } from './host.js';
import { lottie } from './lottie.js';
import { mlt } from './mlt.js';
import { natron } from './natron.js';
import { nuke } from './nuke.js';
import { silhouette } from './silhouette.js';
import { svg } from './svg.js';

/** Names of hosts, as `--as` takes them. */
export const HOST_NAMES = ['nuke', 'ae', 'fusion', 'silhouette', 'blender', 'mlt', 'natron', 'svg', 'lottie'] as const;
/** A host's name. */
export type HostName = (typeof HOST_NAMES)[number];

/** Every host that takes our shapes. */
export const HOSTS: Readonly<Record<HostName, Host>> = {
  nuke,
  ae: afterEffects,
  fusion,
  silhouette,
  blender,
  mlt,
  natron,
  svg,
  lottie,
};
