import type { ExportLook } from '@rotokit/server/api';
import { exportLook } from '../model/export-look.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';

type Format = ExportLook['formats'][number];

/** The formats by what they are for, with words for each; what a newer server offers beside them is shown by its name. */
const GROUPS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'To finish',
    {
      exr: 'one channel an object',
      crypto: 'Cryptomatte',
      cutout: 'objects cut out, linear EXR',
      'cutout-png': 'objects cut out, PNG',
      png: '16-bit mattes',
      tiff: '16-bit mattes',
      dpx: '10- or 16-bit mattes',
      prores: 'ProRes 4444 with alpha',
      vp9: 'WebM with alpha',
    },
  ],
  [
    'Shapes',
    {
      nuke: 'Roto node',
      ae: 'After Effects masks',
      fusion: 'Fusion polygons',
      silhouette: 'Silhouette shapes',
      blender: 'Blender masks',
      mlt: 'Kdenlive, Shotcut',
      natron: 'Roto node',
      svg: 'one picture a frame',
      lottie: 'animation',
    },
  ],
  ['To look at', { preview: 'H.264 with overlay', contact: 'contact sheet' }],
  ['To edit', { otio: 'OpenTimelineIO', edl: 'CMX 3600' }],
  ['Data sets', { davis: '', coco: '', 'youtube-vis': '', mots: '', 'mots-png': '', labelme: '', cvat: '' }],
];

/** The offered formats in their groups. */
function grouped(formats: readonly string[]): readonly (readonly [string, readonly (readonly [string, string])[]])[] {
  const known = new Set(GROUPS.flatMap(([, of]) => Object.keys(of)));
  const groups = GROUPS.map(
    ([title, of]) => [title, Object.entries(of).filter(([name]) => formats.includes(name))] as const,
  );
  const others = formats.filter((name) => !known.has(name)).map((name) => [name, ''] as const);
  return [...groups, ['Others', others] as const].filter(([, of]) => of.length);
}

/** Every format that the server offers, to choose from. */
export function ExportFormats() {
  const formats = usePart(studio, (s) => s.session?.formats);
  const chosen = usePart(exportLook.store, (s) => s.look.formats) as readonly string[];
  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((n) => n !== name) : [...chosen, name];
    exportLook.set({ formats: next as Format[] });
  };
  return grouped(formats ?? []).map(([title, of]) => (
    <fieldset key={title}>
      <legend>{title}</legend>
      {of.map(([name, about]) => (
        <label key={name}>
          <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
          <span>{name}</span>
          <small>{about}</small>
        </label>
      ))}
    </fieldset>
  ));
}

/** How the chosen formats are stored and their files called. */
export function ExportChoices() {
  const look = usePart(exportLook.store, (s) => s.look);
  const exr = look.formats.includes('exr') || look.formats.includes('crypto');
  return (
    <details className="choices">
      <summary>Storage and names</summary>
      {exr && (
        <label className="field">
          EXR samples
          <select
            value={look.exr?.type ?? 'half'}
            onChange={(e) => exportLook.set({ exr: { ...look.exr, type: e.target.value as 'half' | 'float' } })}
          >
            <option value="half">half float</option>
            <option value="float">32-bit float</option>
          </select>
        </label>
      )}
      {exr && (
        <label className="field">
          EXR compression
          <select
            value={look.exr?.compression ?? 'zip'}
            onChange={(e) => exportLook.set({ exr: { ...look.exr, compression: e.target.value as 'zip' } })}
          >
            {['zip', 'zips', 'rle', 'none'].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <Names look={look} />
      <label className="yes">
        <input
          type="checkbox"
          checked={look.verify ?? false}
          onChange={(e) => exportLook.set({ verify: e.target.checked || undefined })}
        />
        Read everything back
      </label>
    </details>
  );
}

function Names({ look }: { readonly look: ExportLook }) {
  const naming = (change: NonNullable<ExportLook['naming']>) => {
    const next = Object.entries({ ...look.naming, ...change }).filter(([, v]) => v !== undefined && v !== '');
    exportLook.set({ naming: next.length ? Object.fromEntries(next) : undefined });
  };
  const whole = (text: string) => (text === '' ? undefined : Math.max(0, Math.round(Number(text))));
  return (
    <>
      <label className="field">
        Path of pictures
        <input
          value={look.naming?.template ?? ''}
          placeholder="{shot}_{object}.{frame}.{ext}"
          spellCheck={false}
          onChange={(e) => naming({ template: e.target.value })}
        />
      </label>
      <div className="pair">
        <label className="field">
          Version
          <input
            type="number"
            min={0}
            value={look.naming?.version ?? ''}
            onChange={(e) => naming({ version: whole(e.target.value) as number })}
          />
        </label>
        <label className="field">
          First number
          <input
            type="number"
            min={0}
            value={look.naming?.start ?? ''}
            onChange={(e) => naming({ start: whole(e.target.value) as number })}
          />
        </label>
      </div>
    </>
  );
}
