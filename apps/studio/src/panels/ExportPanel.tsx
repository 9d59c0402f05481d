import type { ExportRequest, Job } from '@rotokit/server/api';
import { useState } from 'react';
import { resumeJob } from '../api/machine.js';
import { startExport } from '../model/edits.js';
import { exportLook } from '../model/export-look.js';
import { usePart } from '../model/store.js';
import { studio, tellFailure } from '../model/studio-state.js';
import { ExportChoices, ExportFormats } from './ExportFormats.js';
import { Outlook } from './Outlook.js';

/** What to deliver and where, what it would leave, what stands against it, and what came of it. */
export function ExportPanel() {
  const project = usePart(studio, (s) => s.project);
  const work = usePart(studio, (s) => s.work);
  const look = usePart(exportLook.store, (s) => s.look);
  const [folder, setFolder] = useState<string>();
  if (!project) return null;
  const where = folder ?? `${project.shot}_out`;
  const request: ExportRequest = { ...look, folder: where, first: work[0], last: work[1] };
  const running = project.jobs.some((j) => j.kind === 'export' && j.state === 'running');
  return (
    <form
      className="export"
      onSubmit={(e) => {
        e.preventDefault();
        void startExport(request);
      }}
    >
      <ExportFormats />
      <ExportChoices />
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
      {where && <Outlook project={project.id} request={request} state={`${project.revision} ${running}`} />}
      <button type="submit" className="primary" disabled={!look.formats.length || running || !where}>
        Export
      </button>
      <Results project={project.id} jobs={project.jobs.filter((j) => j.kind === 'export')} />
    </form>
  );
}

function Results({ project, jobs }: { readonly project: string; readonly jobs: readonly Job[] }) {
  return (
    <ul className="results">
      {jobs.toReversed().map((j) => (
        <li key={j.id}>
          <strong>{j.title}</strong>
          <span className={j.state === 'failed' ? 'failure' : ''}>
            {j.state}
            {j.state === 'done' && `, ${j.done} frames, ${j.seconds.toFixed(1)} s`}
          </span>
          {j.state === 'paused' && (
            <button type="button" onClick={() => void resumeJob(project, j.id).catch(tellFailure)}>
              Go on
            </button>
          )}
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
