import { posix } from 'node:path';
import type { Problem } from './problem.js';
import type { Source } from './source.js';

/** Folders of `core`, lowest first: a folder imports only itself and folders before it. */
export const CORE_LAYERS = [
  'values',
  'ports',
  'resources',
  'colour',
  'mattes',
  'project',
  'tracking',
  'shapes',
  'evaluation',
  'fakes',
] as const;

/** What each package may import of ours. `core` stands for every folder of it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  formats: ['core/values', 'core/ports'],
  embedded: ['core/values', 'core/ports', 'core/resources'],
  media: ['core/values', 'core/ports', 'core/resources'],
  store: ['core/values', 'core/ports', 'core/project'],
  graph: [],
  models: ['graph'],
  // Where objects overlap is settled by the core's own rule.
  neural: ['core/values', 'core/ports', 'core/resources', 'core/tracking', 'graph', 'models'],
  ort: ['core/values', 'core/ports'],
  hub: ['core/values', 'core/ports'],
  // The server composes; it is told of the page by its folder only. The page knows the core's values and the shapes of the API.
  server: ['core', 'formats', 'media', 'store', 'rotokit', 'studio'],
  studio: ['core/values', 'core/resources', 'server/api'],
  rotokit: ['core', 'formats', 'embedded', 'media', 'store', 'graph', 'models', 'neural', 'ort', 'hub'],
};

/** `packages/core/src/values/time.ts` is in package `core`, folder `values`. */
const placeOf = (path: string) => {
  const m = /^(?:packages|apps)\/([^/]+)\/src\/(?:([^/]+)\/)?/.exec(path);
  return m ? { name: m[1]!, folder: m[2] ?? '' } : undefined;
};

/** The place behind `@rotokit/core/values`, or undefined for packages that are not ours. */
const targetOf = (specifier: string) => {
  if (specifier === 'rotokit' || specifier.startsWith('rotokit/')) return 'rotokit';
  return /^@rotokit\/(.+)$/.exec(specifier)?.[1];
};

/** Imports point one way: between packages by the table above, inside `core` by its list of folders. */
export function checkLayers(sources: readonly Source[]): Problem[] {
  const problems: Problem[] = [];
  for (const source of sources) {
    const place = placeOf(source.path);
    if (!place) continue;
    const allowed = MAY_IMPORT[place.name];
    if (!allowed) {
      problems.push({
        where: source.path,
        what: `the package ${place.name} has no layer`,
        fix: 'Give it a row in tools/src/check/layers.ts.',
      });
      continue;
    }
    for (const { specifier, line } of source.imports) {
      const where = `${source.path}:${line}`;
      const target = targetOf(specifier);
      if (target && !allowed.some((a) => target === a || target.startsWith(`${a}/`))) {
        problems.push({
          where,
          what: `${place.name} may not import ${specifier}`,
          fix: `It may import: ${allowed.join(', ') || 'nothing of ours'}. Move the code, or pass a value in.`,
        });
      }
      if (place.name === 'core' && specifier.startsWith('.'))
        problems.push(...checkCoreFolder(source.path, place.folder, specifier, where));
    }
  }
  return problems;
}

function checkCoreFolder(path: string, folder: string, specifier: string, where: string): Problem[] {
  const target = placeOf(posix.join(posix.dirname(path), specifier))?.folder ?? '';
  const [from, to] = [CORE_LAYERS.indexOf(folder as never), CORE_LAYERS.indexOf(target as never)];
  if (from < 0)
    return [{ where, what: `core/${folder} has no layer`, fix: 'Add it to CORE_LAYERS in tools/src/check/layers.ts.' }];
  if (to <= from) return [];
  return [
    {
      where,
      what: `core/${folder} imports core/${target}, which lies above it`,
      fix: 'Move the shared type down, or hand it in as a parameter.',
    },
  ];
}
