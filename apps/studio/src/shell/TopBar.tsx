import { move } from '../model/edits.js';
import { usePart } from '../model/store.js';
import { studio, type Tool, type ViewMode } from '../model/studio-state.js';
import { Icon, type IconName } from './Icon.js';

const TOOLS: readonly (readonly [Tool, IconName, string])[] = [
  ['click', 'click', 'Click: add. Alt-click: take away. Drag: box (C)'],
  ['box', 'box', 'Box (M)'],
  ['brush', 'brush', 'Brush: says where the object is, the engine finds its edge; Alt takes away (B)'],
  ['paint', 'paint', 'Paint: exactly these pixels; Alt takes away (D)'],
  ['lasso', 'lasso', 'Lasso: exactly what it encloses; Alt takes away (Q)'],
  ['hand', 'hand', 'Hand; the middle button always pans (H)'],
];
const MODES: readonly (readonly [ViewMode, string, string])[] = [
  ['overlay', 'Overlay', '1'],
  ['outline', 'Outline', '2'],
  ['matte', 'Matte', '3'],
  ['cutout', 'Cut-out', '4'],
  ['difference', 'Changes', '6'],
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
      <span className="spring fields">
        <BrushFields />
      </span>
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
    </div>
  );
}

/** Size of the brush; of the one that paints also how hard its edge is. */
function BrushFields() {
  const tool = usePart(studio, (s) => s.tool);
  const radius = usePart(studio, (s) => s.radius);
  const hardness = usePart(studio, (s) => s.hardness);
  if (tool !== 'brush' && tool !== 'paint') return null;
  return (
    <>
      <label className="brush-field" title="Radius; [ and ]">
        Size
        <input
          type="range"
          aria-label="Brush radius in pixels"
          min={0}
          max={100}
          value={Math.round((100 * Math.log(radius)) / Math.log(400))}
          onChange={(e) => studio.set({ radius: Math.max(1, Math.round(400 ** (Number(e.target.value) / 100))) })}
        />
        <output>{radius} px</output>
      </label>
      {tool === 'paint' && (
        <label className="brush-field" title="Hardness; { and }">
          Hardness
          <input
            type="range"
            aria-label="Brush hardness in percent"
            min={0}
            max={100}
            step={5}
            value={Math.round(hardness * 100)}
            onChange={(e) => studio.set({ hardness: Number(e.target.value) / 100 })}
          />
          <output>{Math.round(hardness * 100)}%</output>
        </label>
      )}
    </>
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
