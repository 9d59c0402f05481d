import { heldStore, keepVersion, toggleCompare } from '../model/compare.js';
import { goTo } from '../model/edits.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';

/** What was done, the latest on top; what was undone is pale. A click goes there. */
export function HistoryPanel() {
  const history = usePart(studio, (s) => s.project?.history);
  if (!history?.entries.length)
    return <p className="hint">Everything you do is listed here and can be undone, also after a restart.</p>;
  const { entries, before, applied } = history;
  return (
    <>
      <Compare />
      <ol className="history" reversed>
        {entries
          .map((e, i) => ({ ...e, n: before + i + 1 }))
          .reverse()
          .map((e) => (
            <li key={e.n} className={e.n > applied ? 'undone' : e.n === applied ? 'now' : ''}>
              <button type="button" onClick={() => void goTo(e.n)} aria-current={e.n === applied}>
                <span>{e.label}</span>
                {e.at !== undefined && (
                  <time>{new Date(e.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}</time>
                )}
              </button>
            </li>
          ))}
        {before > 0 && <li className="hint">{before} older steps</li>}
        {applied > 0 && (
          <li>
            <button type="button" onClick={() => void goTo(0)}>
              As it was opened first
            </button>
          </li>
        )}
      </ol>
    </>
  );
}

/** Two versions of the frame that is shown: what came is green, what went is red. */
function Compare() {
  const held = usePart(heldStore, (s) => s.held);
  const showing = usePart(studio, (s) => s.mode === 'difference');
  const compare = usePart(studio, (s) => s.compare);
  const frame = usePart(studio, (s) => s.frame);
  const against = held
    ? held.kept
      ? `the version kept of frame ${held.frame}`
      : `frame ${held.frame} before the last edit`
    : 'nothing yet';
  return (
    <div className="compare">
      <p>
        Compares with {against}
        {(showing || compare !== 'off') && held && held.frame !== frame && '; this is another frame'}.
      </p>
      <div className="choices">
        <button
          type="button"
          aria-pressed={showing}
          title="Green came, red went (6)"
          onClick={() => studio.set({ mode: showing ? 'overlay' : 'difference', compare: 'off' })}
        >
          Changes
        </button>
        <button
          type="button"
          aria-pressed={compare === 'wipe'}
          title="A line between both (7)"
          onClick={() => toggleCompare('wipe')}
        >
          Wipe
        </button>
        <button
          type="button"
          aria-pressed={compare === 'side'}
          title="Both side by side (8)"
          onClick={() => toggleCompare('side')}
        >
          Side by side
        </button>
      </div>
      <button type="button" className="raised" aria-pressed={held?.kept ?? false} title="V" onClick={keepVersion}>
        {held?.kept ? 'Keep no version any more' : 'Keep this version to compare with'}
      </button>
    </div>
  );
}
