import type { FolderListing } from '@rotokit/server/api';
import { useEffect, useRef, useState } from 'react';
import { getFolder, openProject } from '../api/client.js';
import { putOnDesk } from '../model/desk.js';
import { usePart } from '../model/store.js';
import { studio, tellFailure } from '../model/studio-state.js';
import { Recent } from '../panels/Recent.js';
import { COMMANDS, type Command } from './commands.js';
import { Icon } from './Icon.js';

/** The dialog that is open, if one is. */
export function Dialogs() {
  const dialog = usePart(studio, (s) => s.dialog);
  if (dialog === 'open') return <OpenDialog />;
  if (dialog === 'palette') return <Palette />;
  if (dialog === 'keys') return <Keys />;
  return null;
}

const close = () => studio.set({ dialog: undefined });

function Frame({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = box.current as HTMLDialogElement;
    element.showModal();
    element.querySelector('input')?.focus(); // it would be the button that closes
    return () => element.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it as well
    <dialog ref={box} aria-label={title} onClose={close} onClick={(e) => e.target === e.currentTarget && close()}>
      <div className="dialog">
        <header>
          <h2>{title}</h2>
          <button type="button" className="square" aria-label="Close" onClick={close}>
            <Icon name="cross" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

const ICONS = { folder: 'folder', clip: 'film', project: 'track' } as const;

function OpenDialog() {
  const folders = usePart(studio, (s) => s.session?.folders);
  const [listing, setListing] = useState<FolderListing>();
  const go = (path: string) => getFolder(path).then(setListing, tellFailure);
  useEffect(() => {
    if (folders?.[0]) getFolder(folders[0]).then(setListing, tellFailure);
  }, [folders]);
  const open = async (path: string) => {
    try {
      await putOnDesk((await openProject(path)).id);
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <Frame title="Open">
      <Recent open={open} />
      <nav className="roots" aria-label="Opened folders">
        {folders?.map((f) => (
          <button key={f} type="button" onClick={() => void go(f)}>
            {f}
          </button>
        ))}
      </nav>
      <ul className="files">
        {listing?.parent && (
          <li>
            <button type="button" onClick={() => void go(listing.parent as string)}>
              <Icon name="folder" /> ..
            </button>
          </li>
        )}
        {listing?.entries.map((e) => (
          <li key={e.path}>
            <button type="button" onClick={() => void (e.kind === 'folder' ? go(e.path) : open(e.path))}>
              <Icon name={ICONS[e.kind]} /> {e.name}
            </button>
          </li>
        ))}
        {listing && !listing.entries.length && <li className="empty">No clip or project here.</li>}
      </ul>
    </Frame>
  );
}

function Palette() {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = COMMANDS.filter((c) => words.every((w) => `${c.title} ${c.group}`.toLowerCase().includes(w)));
  const run = (c: Command | undefined) => {
    close();
    c?.run();
  };
  const onKeyDown = (e: React.KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (by) setAt(Math.max(0, Math.min(found.length - 1, at + by)));
    else if (e.key === 'Enter') run(found[at]);
    else return;
    e.preventDefault();
  };
  return (
    <Frame title="Find a command">
      <input
        type="search"
        role="combobox"
        aria-expanded="true"
        aria-controls="found"
        aria-activedescendant={`found-${at}`}
        placeholder="What do you want to do?"
        value={text}
        onKeyDown={onKeyDown}
        onChange={(e) => {
          setText(e.target.value);
          setAt(0);
        }}
      />
      <div id="found" role="listbox" className="palette" aria-label="Commands">
        {found.map((c, i) => (
          <div
            key={c.title}
            id={`found-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            onPointerDown={() => run(c)}
          >
            <span>{c.title}</span>
            <Keyed keys={c.keys} />
          </div>
        ))}
      </div>
    </Frame>
  );
}

function Keys() {
  const groups = [...new Set(COMMANDS.map((c) => c.group))];
  return (
    <Frame title="Keys">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a sheet that scrolls must be reached by key */}
      <section className="sheet" tabIndex={0} aria-label="All keys">
        {groups.map((g) => (
          <section key={g} aria-label={g}>
            <h3>{g}</h3>
            <dl>
              {COMMANDS.filter((c) => c.group === g && c.keys.length).map((c) => (
                <div key={c.title}>
                  <dt>{c.title}</dt>
                  <dd>
                    <Keyed keys={c.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <Words />
        <section aria-label="Pointer">
          <h3>Pointer</h3>
          <dl>
            <div>
              <dt>Zoom about the pointer</dt>
              <dd>wheel</dd>
            </div>
            <div>
              <dt>Pan</dt>
              <dd>middle button</dd>
            </div>
            <div>
              <dt>Reshape a box, move all of it</dt>
              <dd>drag its edges, with Shift</dd>
            </div>
            <div>
              <dt>Move a stroke</dt>
              <dd>hand tool</dd>
            </div>
          </dl>
        </section>
      </section>
    </Frame>
  );
}

/** Whether words can be said, and why not. */
function Words() {
  const engine = usePart(studio, (s) => (s.project?.objects.find((o) => o.id === s.selected) ?? s.project)?.engine);
  if (!engine) return null;
  const takes = engine.accepts.includes('text');
  return (
    <section aria-label="Words">
      <h3>Words</h3>
      <p>
        {takes
          ? `${engine.name} takes words: a field for them is among the prompts, on the left.`
          : `${engine.name ?? 'The engine'} takes no words, so there is no field for them. It takes ${engine.accepts.join(', ') || 'nothing now'}.`}
      </p>
    </section>
  );
}

const Keyed = ({ keys }: { readonly keys: readonly string[] }) => (
  <span className="keyed">
    {keys.map((k) => (
      <kbd key={k}>{k}</kbd>
    ))}
  </span>
);
