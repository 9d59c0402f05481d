import { usePart } from '../model/store.js';
import { type SidePanel as Name, studio } from '../model/studio-state.js';
import { BatchPanel } from './BatchPanel.js';
import { ExportPanel } from './ExportPanel.js';
import { HistoryPanel } from './HistoryPanel.js';
import { ModelsPanel } from './ModelsPanel.js';
import { PresetsPanel } from './PresetsPanel.js';
import { ResourcesPanel } from './ResourcesPanel.js';
import { ReviewPanel } from './ReviewPanel.js';

const PANELS: Readonly<Record<Name, readonly [string, () => React.ReactNode]>> = {
  review: ['Review', ReviewPanel],
  export: ['Export', ExportPanel],
  history: ['History', HistoryPanel],
  presets: ['Presets', PresetsPanel],
  batch: ['Batch', BatchPanel],
  models: ['Models', ModelsPanel],
  resources: ['Resources', ResourcesPanel],
};

/** The right side, one panel at a time. Who only looks has no use for those that change something. */
export function SidePanel() {
  const panel = usePart(studio, (s) => s.panel);
  const doubts = usePart(studio, (s) => s.project?.review.length ?? 0);
  const edits = usePart(studio, (s) => s.session?.visitor.access !== 'view');
  const names = (Object.keys(PANELS) as Name[]).filter((n) => edits || n === 'review' || n === 'history');
  const [, Panel] = PANELS[panel];
  return (
    <aside className="side" aria-label="Panels">
      <div role="tablist" aria-label="Panels" className="tabs">
        {names.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={panel === name}
            aria-controls="side-panel"
            onClick={() => studio.set({ panel: name })}
          >
            {PANELS[name][0]}
            {name === 'review' && doubts > 0 && <span className="badge">{doubts}</span>}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls must be reached by key */}
      <div id="side-panel" role="tabpanel" aria-labelledby={`tab-${panel}`} className="tabpanel" tabIndex={0}>
        <Panel />
      </div>
    </aside>
  );
}
