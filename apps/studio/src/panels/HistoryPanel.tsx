import { move } from '../model/edits.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';

/** What was done, the latest on top; what was undone is pale. A click goes there. */
export function HistoryPanel() {
  const history = usePart(studio, (s) => s.project?.history);
  if (!history?.entries.length)
    return <p className="hint">Everything you do is listed here and can be undone, also after a restart.</p>;
  const { entries, before, applied } = history;
  const go = async (to: number) => {
    const steps = to - applied;
    for (let n = 0; n < Math.abs(steps); n++) await move(steps < 0 ? 'undo' : 'redo');
  };
  return (
    <ol className="history" reversed>
      {entries
        .map((e, i) => ({ ...e, n: before + i + 1 }))
        .reverse()
        .map((e) => (
          <li key={e.n} className={e.n > applied ? 'undone' : e.n === applied ? 'now' : ''}>
            <button type="button" onClick={() => void go(e.n)} aria-current={e.n === applied}>
              <span>{e.label}</span>
              {e.at !== undefined && (
                <time>{new Date(e.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}</time>
              )}
            </button>
          </li>
        ))}
      {before > 0 && <li className="hint">{before} older steps</li>}
    </ol>
  );
}
