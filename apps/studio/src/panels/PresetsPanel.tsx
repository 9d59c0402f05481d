import type { EngineChoice, ListedPreset, Preset, PresetFile } from '@rotokit/server/api';
import { useRef, useState } from 'react';
import { chooseEngine, getPresets, keepPresets, removePreset } from '../api/machine.js';
import { refresh } from '../model/desk.js';
import { exportLook } from '../model/export-look.js';
import { usePart } from '../model/store.js';
import { note, studio, tellFailure } from '../model/studio-state.js';
import { Icon } from '../shell/Icon.js';

import { doing, useFollowed } from './follow.js';

const KINDS: readonly (readonly [Preset['kind'], string])[] = [
  ['engine', 'Engine'],
  ['policy', 'Memory and overlap'],
  ['refinement', 'Edges and shapes'],
  ['export', 'Export'],
];

/** Choices kept under names: use one, keep what is chosen now, hand them on as a file. */
export function PresetsPanel() {
  const [presets, again] = useFollowed(getPresets, 10_000);
  return (
    <section className="machine" aria-label="Presets">
      {KINDS.map(([kind, title]) => (
        <fieldset key={kind}>
          <legend>{title}</legend>
          <ul className="results">
            {presets
              ?.filter((p) => p.preset.kind === kind)
              .map((p) => (
                <Row key={p.preset.name} listed={p} again={again} />
              ))}
          </ul>
          <Keep kind={kind} again={again} />
        </fieldset>
      ))}
      <HandOn presets={presets ?? []} again={again} />
    </section>
  );
}

function Row({ listed, again }: { readonly listed: ListedPreset; readonly again: () => Promise<void> }) {
  const { preset, builtIn, about } = listed;
  const use = async () => {
    await take(preset);
    note(`In force: ${preset.name}`);
  };
  return (
    <li className="entry">
      <strong>{preset.name}</strong>
      <span className="buttons">
        <button type="button" aria-label={`Use ${preset.name}`} onClick={doing(use, again)}>
          Use
        </button>
        {!builtIn && (
          <button
            type="button"
            className="square quiet"
            aria-label={`Remove ${preset.name}`}
            onClick={doing(() => removePreset(preset), again)}
          >
            <Icon name="bin" />
          </button>
        )}
      </span>
      {about && <small>{about}</small>}
    </li>
  );
}

/** Puts a preset in force: the engine of the project, or what the next tracking and export are asked for. */
async function take(preset: Preset): Promise<void> {
  const { project } = studio.get();
  if (preset.kind === 'engine') {
    if (!project) throw new Error('Open a project first.');
    await chooseEngine(project.id, preset.value);
    await refresh();
  } else if (preset.kind === 'policy') {
    const { memory, overlap } = preset.value;
    if (overlap) exportLook.set({ overlap });
    if (memory && project) await chooseEngine(project.id, { ...chosenEngine(), policy: memory });
    await refresh();
  } else if (preset.kind === 'refinement') exportLook.set(preset.value);
  else {
    exportLook.replace(preset.value);
    studio.set({ panel: 'export' });
  }
}

/** Keeps what is in force now under a name. */
function Keep({ kind, again }: { readonly kind: Preset['kind']; readonly again: () => Promise<void> }) {
  const [name, setName] = useState('');
  const project = usePart(studio, (s) => s.project);
  const keep = async () => {
    await keepPresets([presetOf(kind, name.trim())]);
    setName('');
  };
  return (
    <form
      className="keep"
      onSubmit={(e) => {
        e.preventDefault();
        doing(keep, again)();
      }}
    >
      <input
        value={name}
        maxLength={80}
        placeholder="Keep what is chosen now as"
        aria-label={`Name of a new preset: ${kind}`}
        onChange={(e) => setName(e.target.value)}
      />
      <button type="submit" disabled={!name.trim() || (kind === 'engine' && !project)}>
        Keep
      </button>
    </form>
  );
}

/** The project's engine as it was asked for. */
function chosenEngine(): EngineChoice {
  const { engine = 'auto', profile, threads, policy } = studio.get().project?.engine ?? {};
  return { engine, profile, threads, policy };
}

function presetOf(kind: Preset['kind'], name: string): Preset {
  const look = exportLook.get();
  switch (kind) {
    case 'engine':
      return { kind, name, value: chosenEngine() };
    case 'policy':
      return { kind, name, value: { memory: chosenEngine().policy, overlap: look.overlap ?? 'exclusive' } };
    case 'refinement':
      return { kind, name, value: { cutout: look.cutout, shapes: look.shapes } };
    case 'export':
      return { kind, name, value: look };
  }
}

/** The user's presets as a file, and those of a file for the user. */
function HandOn({
  presets,
  again,
}: {
  readonly presets: readonly ListedPreset[];
  readonly again: () => Promise<void>;
}) {
  const file = useRef<HTMLInputElement>(null);
  const own = presets.filter((p) => !p.builtIn).map((p) => p.preset);
  const save = () => {
    const text = JSON.stringify({ rotokit: 'presets', version: 1, presets: own }, null, 2);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = 'rotokit-presets.json';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const load = async (chosen: File | undefined) => {
    if (!chosen) return;
    try {
      const { presets: given } = JSON.parse(await chosen.text()) as PresetFile;
      await keepPresets(given);
      note(`${given.length} presets from ${chosen.name}`);
    } catch (error) {
      tellFailure(error instanceof SyntaxError ? new Error(`${chosen.name} is no file of presets.`) : error);
    }
    await again();
  };
  return (
    <div className="buttons">
      <button type="button" disabled={!own.length} onClick={save}>
        Save as a file
      </button>
      <button type="button" onClick={() => file.current?.click()}>
        Load a file
      </button>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="File of presets"
        onChange={(e) => void load(e.target.files?.[0])}
      />
    </div>
  );
}
