import { useState } from 'react';
import { addObject, changeObject, removeObject } from '../model/edits.js';
import type { ObjectModel } from '../model/project-model.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Icon, type IconName } from '../shell/Icon.js';

/** The objects: name, colour, visibility, solo, lock. */
export function ObjectsPanel() {
  const objects = usePart(studio, (s) => s.project?.objects);
  return (
    <section className="panel objects" aria-label="Objects">
      <header>
        <h2>Objects</h2>
        <button
          type="button"
          className="square"
          aria-label="New object"
          title="New object (Shift+N)"
          onClick={() => void addObject()}
        >
          <Icon name="plus" />
        </button>
      </header>
      <ul>
        {objects?.map((o) => (
          <ObjectRow key={o.id} object={o} />
        ))}
      </ul>
      {!objects?.length && <p className="hint">Click on what you want to follow. The first click makes an object.</p>}
    </section>
  );
}

function ObjectRow({ object: o }: { readonly object: ObjectModel }) {
  const selected = usePart(studio, (s) => s.selected === o.id);
  const solo = usePart(studio, (s) => s.solo === o.id);
  return (
    <li className={selected ? 'object selected' : 'object'}>
      <input
        type="color"
        aria-label={`Colour of ${o.name}`}
        title="Colour"
        value={o.colour}
        onChange={(e) => void changeObject(o.id, { colour: e.target.value })}
      />
      <Name object={o} selected={selected} />
      <Switch
        on={o.visible}
        icon={o.visible ? 'eye' : 'hidden'}
        label={`Show ${o.name}`}
        run={() => changeObject(o.id, { visible: !o.visible })}
      />
      <Switch
        on={solo}
        icon="solo"
        label={`Show ${o.name} only`}
        run={() => studio.set({ solo: solo ? undefined : o.id })}
      />
      <Switch
        on={o.locked}
        icon={o.locked ? 'lock' : 'open'}
        label={`Lock ${o.name}`}
        run={() => changeObject(o.id, { locked: !o.locked })}
      />
      <button
        type="button"
        className="square quiet"
        aria-label={`Remove ${o.name}`}
        title="Remove (undo brings it back)"
        onClick={() => void removeObject(o.id)}
      >
        <Icon name="bin" />
      </button>
    </li>
  );
}

/** The name: a click selects, a double click renames. */
function Name({ object: o, selected }: { readonly object: ObjectModel; readonly selected: boolean }) {
  const [naming, setNaming] = useState(false);
  const rename = (name: string) => {
    setNaming(false);
    if (name.trim() && name.trim() !== o.name) void changeObject(o.id, { name: name.trim() });
  };
  return naming ? (
    <input
      className="name"
      aria-label="Name"
      defaultValue={o.name}
      // biome-ignore lint/a11y/noAutofocus: it appears because the user wants to type a name
      autoFocus
      onBlur={(e) => rename(e.target.value)}
      onKeyDown={(e) => {
        if (e.key === 'Enter') rename(e.currentTarget.value);
        if (e.key === 'Escape') setNaming(false);
      }}
    />
  ) : (
    <button
      type="button"
      className="name"
      aria-pressed={selected}
      title="Double-click renames"
      onClick={() => studio.set({ selected: o.id })}
      onDoubleClick={() => setNaming(true)}
    >
      {o.name}
    </button>
  );
}

interface SwitchProps {
  readonly on: boolean;
  readonly icon: IconName;
  readonly label: string;
  readonly run: () => unknown;
}

const Switch = ({ on, icon, label, run }: SwitchProps) => (
  <button
    type="button"
    className={on ? 'square' : 'square quiet'}
    aria-pressed={on}
    aria-label={label}
    title={label}
    onClick={() => void run()}
  >
    <Icon name={icon} />
  </button>
);
