import { move } from '../model/edits.js';
import { usePart } from '../model/store.js';
import { studio, type Tool, type ViewMode } from '../model/studio-state.js';
import { Icon, type IconName } from './Icon.js';

const TOOLS: readonly (readonly [Tool, IconName, string])[] = [
  ['click', 'click', 'Click: add. Alt-click: take away. Drag: box (C)'],
  ['box', 'box', 'Box (M)'],
  ['brush', 'brush', 'Brush, Alt takes away; [ and ] size it (B)'],
  ['hand', 'hand', 'Hand; the middle button always pans (H)'],
];
const MODES: readonly (readonly [ViewMode, string, string])[] = [
  ['overlay', 'Overlay', '1'],
  ['outline', 'Outline', '2'],
  ['matte', 'Matte', '3'],
  ['cutout', 'Cut-out', '4'],
  ['plate', 'Plate', '5'],
];

/** Name of the shot, tools, ways to look, undo. */
export function TopBar() {
  const project = usePart(studio, (s) => s.project);
  return (
    <header className="topbar">
      <button
        type="button"
        className="shot"
        title="Open a clip or project (Ctrl+O)"
        onClick={() => studio.set({ dialog: 'open' })}
      >
        <Icon name="folder" />
        <strong>{project?.shot ?? 'Rotokit'}</strong>
      </button>
      {project && (
        <span className="facts">
          {project.clip.width}×{project.clip.height}, {project.clip.frames} frames,{' '}
          {(project.clip.rate.num / project.clip.rate.den).toFixed(3).replace(/\.?0+$/, '')} fps, {project.clip.codec}
        </span>
      )}
      <span className="spring" />
      <Tools />
      <Modes />
      <span className="spring" />
      <div className="group">
        <button
          type="button"
          className="square"
          title="Undo (Ctrl+Z)"
          aria-label="Undo"
          onClick={() => void move('undo')}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          className="square"
          title="Redo (Ctrl+Shift+Z)"
          aria-label="Redo"
          onClick={() => void move('redo')}
        >
          <Icon name="redo" />
        </button>
        <button
          type="button"
          className="square"
          title="Keys (?)"
          aria-label="Keys"
          onClick={() => studio.set({ dialog: 'keys' })}
        >
          <Icon name="keys" />
        </button>
      </div>
    </header>
  );
}

function Tools() {
  const tool = usePart(studio, (s) => s.tool);
  const radius = usePart(studio, (s) => s.radius);
  return (
    <div className="group" role="toolbar" aria-label="Tool">
      {TOOLS.map(([name, icon, title]) => (
        <button
          key={name}
          type="button"
          aria-pressed={tool === name}
          aria-label={title}
          title={title}
          className="square"
          onClick={() => studio.set({ tool: name })}
        >
          <Icon name={icon} />
        </button>
      ))}
      {tool === 'brush' && <output aria-label="Brush radius">{radius} px</output>}
    </div>
  );
}

function Modes() {
  const mode = usePart(studio, (s) => s.mode);
  const backdrop = usePart(studio, (s) => s.backdrop);
  return (
    <div className="group" role="toolbar" aria-label="View">
      {MODES.map(([name, label, key]) => (
        <button
          key={name}
          type="button"
          aria-pressed={mode === name}
          title={`${label} (${key})`}
          onClick={() => studio.set({ mode: name })}
        >
          {label}
        </button>
      ))}
      {mode === 'cutout' && (
        <select
          aria-label="Backdrop"
          value={backdrop}
          onChange={(e) => studio.set({ backdrop: e.target.value as typeof backdrop })}
        >
          {['checker', 'black', 'grey', 'white'].map((b) => (
            <option key={b}>{b}</option>
          ))}
        </select>
      )}
    </div>
  );
}
