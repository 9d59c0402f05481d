import type { Job } from '@rotokit/server/api';
import { cancelJob } from '../model/edits.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Icon } from './Icon.js';

/** What is at work, what happened last, and whether everything is on disk. */
export function StatusBar() {
  const notice = usePart(studio, (s) => s.notice);
  const pending = usePart(studio, (s) => s.pending);
  const connected = usePart(studio, (s) => s.connected);
  const jobs = usePart(studio, (s) => s.project?.jobs);
  const project = usePart(studio, (s) => s.project !== undefined);
  const active = jobs?.filter((j) => j.state === 'running' || j.state === 'waiting') ?? [];
  return (
    <footer className="statusbar">
      <p role="status" className={notice?.kind === 'failure' ? 'failure' : 'note'} title={notice?.fix ?? ''}>
        {notice?.text}
        {notice?.fix && <span className="fix"> {notice.fix}</span>}
      </p>
      {active.map((job) => (
        <JobBar key={job.id} job={job} />
      ))}
      {project && <span className={connected ? 'saved' : 'saved lost'}>{stateOf(connected, pending)}</span>}
    </footer>
  );
}

function stateOf(connected: boolean, pending: number): string {
  if (!connected) return 'no connection to the server';
  return pending ? 'working' : 'all on disk';
}

function JobBar({ job }: { readonly job: Job }) {
  const label = job.kind === 'track' ? 'Tracking' : 'Exporting';
  const rate = job.seconds > 0 ? job.done / job.seconds : 0;
  const left = rate > 0 ? `${Math.ceil((job.total - job.done) / rate)} s left` : '';
  return (
    <div className="job" data-testid={`job-${job.kind}`}>
      <span>{job.state === 'waiting' ? `${label} waits for your edit` : label}</span>
      <progress value={job.done} max={Math.max(1, job.total)} aria-label={label} />
      <span className="figures">
        {job.done}/{job.total} {left}
      </span>
      <button
        type="button"
        className="square"
        aria-label={`Cancel: ${job.title}`}
        title="Cancel; what is finished stays"
        onClick={() => void cancelJob(job.id)}
      >
        <Icon name="cross" />
      </button>
    </div>
  );
}
