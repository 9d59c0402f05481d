import { useState } from 'react';
import { addObject, changeObject, removeObject } from '../model/edits.js';
import type { ObjectModel } from '../model/project-model.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Icon, type IconName } from '../shell/Icon.js';
import { ObjectEngine } from './ObjectEngine.js';

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
        {objects?.map((o, at) => (
          <ObjectRow key={o.id} object={o} at={at} />
        ))}
      </ul>
      {!objects?.length && <p className="hint">Click on what you want to follow. The first click makes an object.</p>}
    </section>
  );
}

/** The order that puts an object where another one is, moving down past it or up before it. */
function orderAt(objects: readonly ObjectModel[], from: number, to: number): number {
  const there = (objects[to] as ObjectModel).order;
  const beyond = objects[to > from ? to + 1 : to - 1]?.order ?? there + (to > from ? 2 : -2);
  return (there + beyond) / 2;
}

function moveObject(id: string, to: number): void {
  const objects = studio.get().project?.objects ?? [];
  const from = objects.findIndex((o) => o.id === id);
  if (from < 0 || from === to || !objects[to]) return;
  void changeObject(id, { order: orderAt(objects, from, to) });
}

const DRAGGED = 'application/x-rotokit-object';

function ObjectRow({ object: o, at }: { readonly object: ObjectModel; readonly at: number }) {
  const [over, setOver] = useState(false);
  const selected = usePart(studio, (s) => s.selected === o.id);
  const solo = usePart(studio, (s) => s.solo === o.id);
  return (
    <li
      className={`object${selected ? ' selected' : ''}${over ? ' over' : ''}`}
      draggable
      onDragStart={(e) => e.dataTransfer.setData(DRAGGED, o.id)}
      onDragOver={(e) => {
        if (!e.dataTransfer.types.includes(DRAGGED)) return;
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        setOver(false);
        moveObject(e.dataTransfer.getData(DRAGGED), at);
      }}
    >
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
      {selected && <Rank object={o} at={at} />}
      {selected && <ObjectEngine object={o} />}
    </li>
  );
}

/** Place in the list, and who has a pixel that several claim. */
function Rank({ object: o, at }: { readonly object: ObjectModel; readonly at: number }) {
  return (
    <div className="rank">
      <label title="Where objects overlap, the larger number has the pixel">
        Priority
        <input
          key={o.priority}
          type="number"
          min={-1000}
          max={1000}
          defaultValue={o.priority}
          onKeyDown={(e) => e.key === 'Enter' && e.currentTarget.blur()}
          onBlur={(e) => {
            const priority = Math.round(Number(e.target.value));
            if (priority !== o.priority && Math.abs(priority) <= 1000) void changeObject(o.id, { priority });
          }}
        />
      </label>
      <span className="spring" />
      <button
        type="button"
        className="square"
        aria-label={`Move ${o.name} up`}
        title="Up"
        onClick={() => moveObject(o.id, at - 1)}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        className="square"
        aria-label={`Move ${o.name} down`}
        title="Down"
        onClick={() => moveObject(o.id, at + 1)}
      >
        <Icon name="down" />
      </button>
    </div>
  );
}

/** The name: a click selects, a double click or F2 renames. */
function Name({ object: o, selected }: { readonly object: ObjectModel; readonly selected: boolean }) {
  const naming = usePart(studio, (s) => s.naming === o.id);
  const setNaming = (on: boolean) => studio.set({ naming: on ? o.id : undefined });
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
      title="A double click, or F2, renames"
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
