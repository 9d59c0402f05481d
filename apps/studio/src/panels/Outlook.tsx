import type { ExportOutlook, ExportRequest, SpaceEstimate } from '@rotokit/server/api';
import { useEffect, useState } from 'react';
import { exportOutlook, spaceEstimate } from '../api/machine.js';
import { tellFailure } from '../model/studio-state.js';
import { bytesText } from './bytes.js';

/** How long choices rest before the server is asked about them. */
const REST_MS = 250;

/** What an export would leave, by the names it would really get, what stands against it, and about how much room it takes. */
export function Outlook(props: OutlookProps) {
  const { project, request } = props;
  const [estimate, setEstimate] = useState<SpaceEstimate>();
  const key = `${JSON.stringify(request)} ${props.state}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an estimate is of one request
  useEffect(() => setEstimate(undefined), [key]);
  const { outlook, failure } = useOutlook(props);
  if (failure) return <p className="problem">{failure}</p>;
  if (!outlook) return null;
  return (
    <section className="outlook" aria-label="What it would leave">
      {outlook.problems.map((p) => (
        <p key={p.message} className="problem">
          {`${p.message}. ${p.fix}`}
        </p>
      ))}
      {outlook.notes.map((n) => (
        <p key={n} className="problem">
          {n}
        </p>
      ))}
      <ul aria-label="Names of files">
        {outlook.formats.map(({ format, files, names, kept }) => (
          <li key={format}>
            <span>
              {format}: {files === 1 ? '1 file' : `${files} files`}
              {kept > 0 && `, ${kept} frames there already`}
            </span>
            {names.map((n, i) => (
              <code key={n}>{i === 2 && files > 3 ? `… ${n}` : n}</code>
            ))}
          </li>
        ))}
      </ul>
      {!outlook.problems.length && (
        <Room estimate={estimate} ask={() => spaceEstimate(project, request).then(setEstimate, tellFailure)} />
      )}
    </section>
  );
}

interface OutlookProps {
  readonly project: string;
  readonly request: ExportRequest;
  /** Changes when the project does. */
  readonly state: string;
}

function Room({ estimate, ask }: { readonly estimate: SpaceEstimate | undefined; readonly ask: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const go = () => {
    setBusy(true);
    void ask().finally(() => setBusy(false));
  };
  if (!estimate)
    return (
      <button type="button" disabled={busy} onClick={go}>
        {busy ? 'Encoding a few frames' : 'Estimate the room it takes'}
      </button>
    );
  const { bytes, formats, sampled, free } = estimate;
  return (
    <p className={bytes > free ? 'problem' : 'room'} role="status">
      About {bytesText(bytes)}
      {formats.length > 1 && ` (${formats.map((f) => `${f.format} ${bytesText(f.bytes)}`).join(', ')})`},{' '}
      {bytesText(free)} free. An estimate from frames {sampled[0]} to {sampled[1]}.
    </p>
  );
}

/** Asks the server about the choices once they rest; the answer that belongs to the latest ones. */
function useOutlook({ project, request, state }: OutlookProps) {
  const [outlook, setOutlook] = useState<ExportOutlook>();
  const [failure, setFailure] = useState<string>();
  const key = JSON.stringify(request);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the project's state decides as well
  useEffect(() => {
    const asked = JSON.parse(key) as ExportRequest;
    if (!asked.formats.length) return setOutlook(undefined);
    let late = false;
    const timer = setTimeout(() => {
      exportOutlook(project, asked).then(
        (o) => {
          if (late) return;
          setOutlook(o);
          setFailure(undefined);
        },
        (e: Error) => {
          if (late) return;
          setOutlook(undefined);
          setFailure(e.message);
        },
      );
    }, REST_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [project, key, state]);
  return { outlook, failure };
}
