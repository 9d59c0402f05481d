import type { ExportRequest, Job } from '@rotokit/server/api';
import { useState } from 'react';
import { startExport } from '../model/edits.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';

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
      dpx: '10-bit mattes',
      prores: 'ProRes 4444 with alpha',
      vp9: 'WebM with alpha',
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

/** What to deliver and where, what stands against it, and what came of it. */
export function ExportPanel() {
  const project = usePart(studio, (s) => s.project);
  const work = usePart(studio, (s) => s.work);
  const [chosen, setChosen] = useState<readonly string[]>(['exr']);
  const [folder, setFolder] = useState<string>();
  const [type, setType] = useState<ExrType>('half');
  if (!project) return null;
  const where = folder ?? `${project.shot}_out`;
  const toggle = (name: string) =>
    setChosen(chosen.includes(name) ? chosen.filter((n) => n !== name) : [...chosen, name]);
  const problems = problemsOf(project, work);
  const running = project.jobs.some((j) => j.kind === 'export' && j.state === 'running');
  const go = () =>
    startExport({
      formats: chosen as ExportRequest['formats'],
      folder: where,
      first: work[0],
      last: work[1],
      ...(chosen.includes('exr') ? { exr: { type } } : {}),
    });
  return (
    <form
      className="export"
      onSubmit={(e) => {
        e.preventDefault();
        void go();
      }}
    >
      <Formats chosen={chosen} toggle={toggle} />
      {chosen.includes('exr') && <ExrSamples type={type} choose={setType} />}
      <label className="field">
        Folder, beside the project
        <input value={where} onChange={(e) => setFolder(e.target.value)} spellCheck={false} />
      </label>
      <p className="hint">
        Frames {work[0]} to {work[1]},{' '}
        {project.objects
          .filter((o) => o.visible)
          .map((o) => o.name)
          .join(', ') || 'no visible object'}
        .
      </p>
      {problems.map((p) => (
        <p key={p} className="problem">
          {p}
        </p>
      ))}
      <button type="submit" className="primary" disabled={!chosen.length || running}>
        Export
      </button>
      <Results jobs={project.jobs.filter((j) => j.kind === 'export')} />
    </form>
  );
}

type ExrType = 'half' | 'float';

function ExrSamples({ type, choose }: { readonly type: ExrType; readonly choose: (type: ExrType) => void }) {
  return (
    <label className="field">
      EXR samples
      <select value={type} onChange={(e) => choose(e.target.value as ExrType)}>
        <option value="half">half float</option>
        <option value="float">32-bit float</option>
      </select>
    </label>
  );
}

interface FormatsProps {
  readonly chosen: readonly string[];
  readonly toggle: (name: string) => void;
}

function Formats({ chosen, toggle }: FormatsProps) {
  const formats = usePart(studio, (s) => s.session?.formats);
  return (
    <>
      {grouped(formats ?? []).map(([title, of]) => (
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
      ))}
    </>
  );
}

/** What would make the library refuse or warn, before it is asked. */
function problemsOf(
  project: NonNullable<ReturnType<typeof studio.get>['project']>,
  work: readonly [number, number],
): string[] {
  const { first } = project.clip;
  const visible = project.objects.filter((o) => o.visible);
  if (!visible.length) return ['There is no visible object to export.'];
  return visible.flatMap((o) => {
    const range = o.versions.slice(work[0] - first, work[1] - first + 1);
    const missing = range.filter((v) => v === undefined).length;
    if (!o.anchors.length) return [`${o.name} has no mask at all: click on it, or hide it.`];
    if (missing) return [`${o.name} has no mask on ${missing} of these frames: track first.`];
    const old = o.old.subarray(work[0] - first, work[1] - first + 1).reduce((n, v) => n + v, 0);
    return old ? [`${old} masks of ${o.name} are older than an edit: track again to renew them.`] : [];
  });
}

function Results({ jobs }: { readonly jobs: readonly Job[] }) {
  return (
    <ul className="results">
      {jobs.toReversed().map((j) => (
        <li key={j.id}>
          <strong>{j.title}</strong>
          <span className={j.state === 'failed' ? 'failure' : ''}>
            {j.state}
            {j.state === 'done' && `, ${j.done} frames, ${j.seconds.toFixed(1)} s`}
          </span>
          {j.failure && <small>{`${j.failure.message}. ${j.failure.fix}`}</small>}
          {j.notes.map((n) => (
            <small key={n}>{n}</small>
          ))}
          {Object.entries(j.files ?? {}).map(([name, files]) => (
            <small key={name}>{files.length === 1 ? files[0] : `${name}: ${files.length} files`}</small>
          ))}
        </li>
      ))}
    </ul>
  );
}
