import { join } from 'node:path';
import { MEMORY_POLICIES, PRESET_NAMES, PRESETS } from 'rotokit';
import { ExportLook, type ListedPreset, type Preset, PresetFile } from '../api/index.js';
import { JsonFile } from './json-file.js';

/** Presets that may be kept. */
const MOST = 500;
const NONE: PresetFile = { rotokit: 'presets', version: 1, presets: [] };

const same = (a: Pick<Preset, 'kind' | 'name'>, b: Pick<Preset, 'kind' | 'name'>) =>
  a.kind === b.kind && a.name === b.name;

/** The presets that come with the program: what hosts read best, and the engine's two profiles. */
const BUILT_IN: readonly ListedPreset[] = [
  ...PRESET_NAMES.map((name): ListedPreset => {
    const { formats, options, about } = PRESETS[name];
    return { preset: { kind: 'export', name, value: ExportLook.parse({ formats, ...options }) }, builtIn: true, about };
  }),
  {
    preset: { kind: 'engine', name: 'best', value: { engine: 'auto', profile: 'full' } },
    builtIn: true,
    about: 'the best engine that is installed, in full quality',
  },
  {
    preset: { kind: 'engine', name: 'fast', value: { engine: 'auto', profile: 'fast' } },
    builtIn: true,
    about: 'a smaller picture to work on and a cheaper motion estimate',
  },
  ...MEMORY_POLICIES.map(
    ({ name, summary }): ListedPreset => ({
      preset: { kind: 'policy', name, value: { memory: name } },
      builtIn: true,
      about: summary,
    }),
  ),
  {
    preset: { kind: 'policy', name: 'apart', value: { overlap: 'exclusive' } },
    builtIn: true,
    about: 'a pixel belongs to one object',
  },
  {
    preset: { kind: 'policy', name: 'overlapping', value: { overlap: 'allowed' } },
    builtIn: true,
    about: 'a pixel may belong to two objects: glass, smoke, shadows',
  },
];

/** What a user keeps under names: one JSON file in his own folder, which can be handed on as it is. */
export class Presets {
  readonly #file: JsonFile<PresetFile>;

  constructor(folder: string) {
    this.#file = new JsonFile(join(folder, 'presets.json'), PresetFile, NONE);
  }

  /** The program's own, then the user's, by kind and name. */
  async list(): Promise<readonly ListedPreset[]> {
    const { presets } = await this.#file.read();
    const own = presets.map((preset): ListedPreset => ({ preset, builtIn: false }));
    return [...BUILT_IN, ...own.sort((a, b) => a.preset.name.localeCompare(b.preset.name, 'en', { numeric: true }))];
  }

  /** Keeps presets; those of the same kind and name are replaced. @throws RangeError for names of the program's own, or too many. */
  async keep(presets: readonly Preset[]): Promise<void> {
    for (const p of presets)
      if (BUILT_IN.some((b) => same(b.preset, p)))
        throw new RangeError(`${p.name} is a preset of the program's own; choose another name`);
    await this.#file.change((file) => {
      const rest = file.presets.filter((old) => !presets.some((p) => same(old, p)));
      const next = [...rest, ...presets.filter((p, i) => !presets.slice(i + 1).some((later) => same(p, later)))];
      if (next.length > MOST) throw new RangeError(`${MOST} presets are kept at most`);
      return { ...file, presets: next };
    });
  }

  /** Takes a preset away. Says whether there was one. */
  async remove(kind: Preset['kind'], name: string): Promise<boolean> {
    const before = (await this.#file.read()).presets.length;
    const after = await this.#file.change((file) => ({
      ...file,
      presets: file.presets.filter((p) => !same(p, { kind, name })),
    }));
    return after.presets.length < before;
  }
}
