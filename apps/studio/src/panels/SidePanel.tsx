import { usePart } from '../model/store.js';
import { type SidePanel as Name, studio } from '../model/studio-state.js';
import { ExportPanel } from './ExportPanel.js';
import { HistoryPanel } from './HistoryPanel.js';
import { ReviewPanel } from './ReviewPanel.js';

const PANELS: readonly (readonly [Name, string])[] = [
  ['review', 'Review'],
  ['export', 'Export'],
  ['history', 'History'],
];

/** The right side: review queue, export, history. */
export function SidePanel() {
  const panel = usePart(studio, (s) => s.panel);
  const doubts = usePart(studio, (s) => s.project?.review.length ?? 0);
  return (
    <aside className="side" aria-label="Review, export, history">
      <div role="tablist" aria-label="Panels" className="tabs">
        {PANELS.map(([name, label]) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={panel === name}
            aria-controls="side-panel"
            onClick={() => studio.set({ panel: name })}
          >
            {label}
            {name === 'review' && doubts > 0 && <span className="badge">{doubts}</span>}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls must be reached by key */}
      <div id="side-panel" role="tabpanel" aria-labelledby={`tab-${panel}`} className="tabpanel" tabIndex={0}>
        {panel === 'review' && <ReviewPanel />}
        {panel === 'export' && <ExportPanel />}
        {panel === 'history' && <HistoryPanel />}
      </div>
    </aside>
  );
}
