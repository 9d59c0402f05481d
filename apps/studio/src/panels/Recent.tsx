import { useState } from 'react';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Icon } from '../shell/Icon.js';

/** What was open lately, and a path to type or paste. */
export function Recent({ open }: { readonly open: (path: string) => Promise<void> }) {
  const recent = usePart(studio, (s) => s.session?.recent);
  const [path, setPath] = useState('');
  return (
    <>
      <form
        className="keep"
        onSubmit={(e) => {
          e.preventDefault();
          void open(path.trim());
        }}
      >
        <input
          value={path}
          aria-label="Path of a clip or project"
          placeholder="Path of a clip or project: plates/sh010.####.exr"
          spellCheck={false}
          onChange={(e) => setPath(e.target.value)}
        />
        <button type="submit" disabled={!path.trim()}>
          Open
        </button>
      </form>
      {recent && recent.length > 0 && (
        <section aria-label="Open lately">
          <h3>Open lately</h3>
          <ul className="files recent">
            {recent.slice(0, 8).map((r) => (
              <li key={r.path}>
                <button type="button" title={r.path} onClick={() => void open(r.path)}>
                  <Icon name="track" /> {r.name}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
