import type { BatchItem, FolderListing, ListedPreset } from '@rotokit/server/api';
import { useEffect, useState } from 'react';
import { getFolder, openProject } from '../api/client.js';
import { addToBatch, getBatch, getPresets, removeFromBatch } from '../api/machine.js';
import { putOnDesk } from '../model/desk.js';
import { usePart } from '../model/store.js';
import { studio, tellFailure } from '../model/studio-state.js';
import { Icon } from '../shell/Icon.js';
import { doing, useFollowed } from './follow.js';

/** Several clips, one after the other: what waits, what is at work, what came of it. */
export function BatchPanel() {
  const [items, again] = useFollowed(getBatch, 1000);
  return (
    <section className="machine" aria-label="Batch">
      <AddClips added={again} />
      <ol className="results" aria-label="Clips of the batch">
        {items?.map((item) => (
          <Entry key={item.id} item={item} remove={doing(() => removeFromBatch(item.id), again)} />
        ))}
      </ol>
      {items?.length === 0 && <p className="hint">Nothing waits. Add projects whose objects have been clicked on.</p>}
    </section>
  );
}

const WORDS: Readonly<Record<BatchItem['state'], string>> = {
  waiting: 'waits',
  running: 'at work',
  done: 'done',
  failed: 'failed',
  cancelled: 'stopped',
};

function Entry({ item, remove }: { readonly item: BatchItem; readonly remove: () => void }) {
  const name = item.path.split('/').at(-1);
  const open = () => openProject(item.path).then(({ id }) => putOnDesk(id), tellFailure);
  return (
    <li className="entry">
      <button type="button" className="link" title={`Open ${item.path}`} onClick={() => void open()}>
        <strong>{name}</strong>
      </button>
      <button
        type="button"
        className="square quiet"
        aria-label={`Take ${name} off the batch`}
        title="Take it off; what is finished stays"
        onClick={remove}
      >
        <Icon name="cross" />
      </button>
      <span className={item.state === 'failed' ? 'failure' : ''}>
        {item.step ?? WORDS[item.state]}
        {item.files !== undefined && `, ${item.files} files`}
      </span>
      {item.state === 'running' && (
        <progress value={item.done} max={Math.max(1, item.total)} aria-label={`${item.step} ${name}`} />
      )}
      {item.failure && <small>{`${item.failure.message}. ${item.failure.fix}`}</small>}
      {item.notes.map((n) => (
        <small key={n}>{n}</small>
      ))}
      {item.folder && <small>{item.folder}</small>}
    </li>
  );
}

function AddClips({ added }: { readonly added: () => Promise<void> }) {
  const folders = usePart(studio, (s) => s.session?.folders);
  const [listing, setListing] = useState<FolderListing>();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [presets, setPresets] = useState<readonly ListedPreset[]>([]);
  const [preset, setPreset] = useState('');
  const go = (path: string) => getFolder(path).then(setListing, tellFailure);
  useEffect(() => {
    if (folders?.[0]) getFolder(folders[0]).then(setListing, tellFailure);
    getPresets().then(setPresets, tellFailure);
  }, [folders]);
  const exports = presets.flatMap(({ preset: p }) => (p.kind === 'export' ? [p] : []));
  const toggle = (path: string) =>
    setChosen(chosen.includes(path) ? chosen.filter((c) => c !== path) : [...chosen, path]);
  const add = async () => {
    const look = exports.find((p) => p.name === preset)?.value ?? { formats: ['exr' as const] };
    await addToBatch({ paths: [...chosen], track: true, export: look, folder: '{shot}_out' });
    setChosen([]);
  };
  return (
    <form
      className="add"
      onSubmit={(e) => {
        e.preventDefault();
        doing(add, added)();
      }}
    >
      <Pick listing={listing} chosen={chosen} go={go} toggle={toggle} />
      <label className="field">
        Deliver
        <select value={preset} onChange={(e) => setPreset(e.target.value)}>
          <option value="">EXR mattes</option>
          {exports.map((p) => (
            <option key={p.name}>{p.name}</option>
          ))}
        </select>
      </label>
      <button type="submit" className="primary" disabled={!chosen.length}>
        {chosen.length ? `Track and deliver ${chosen.length}` : 'Choose clips'}
      </button>
    </form>
  );
}

interface PickProps {
  readonly listing: FolderListing | undefined;
  readonly chosen: readonly string[];
  readonly go: (path: string) => Promise<void>;
  readonly toggle: (path: string) => void;
}

/** Clips and projects of a folder, to tick; folders to walk through. */
function Pick({ listing, chosen, go, toggle }: PickProps) {
  return (
    <fieldset>
      <legend>{listing?.path ?? 'Clips'}</legend>
      <ul className="pick">
        {listing?.parent && (
          <li>
            <button type="button" className="link" onClick={() => void go(listing.parent as string)}>
              ..
            </button>
          </li>
        )}
        {listing?.entries.map((e) => (
          <li key={e.path}>
            {e.kind === 'folder' ? (
              <button type="button" className="link" onClick={() => void go(e.path)}>
                {e.name}/
              </button>
            ) : (
              <label>
                <input type="checkbox" checked={chosen.includes(e.path)} onChange={() => toggle(e.path)} />
                {e.name}
              </label>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
