import type { ModelState } from '@rotokit/server/api';
import { useState } from 'react';
import { getModels, pullModel, removeModel, stopPull } from '../api/machine.js';
import { bytesText } from './bytes.js';
import { doing, useFollowed } from './follow.js';

/** The models that can be had: their terms, whether they are here, and bringing them. */
export function ModelsPanel() {
  const [models, again] = useFollowed(getModels, 1000);
  return (
    <section className="machine" aria-label="Models">
      <p className="hint">The built-in engine needs none of these. Nothing is fetched unless you ask for it.</p>
      <ul className="results" aria-label="Models">
        {models?.map((m) => (
          <Model key={m.name} model={m} again={again} />
        ))}
      </ul>
    </section>
  );
}

function Model({ model: m, again }: { readonly model: ModelState; readonly again: () => Promise<void> }) {
  const [accepted, setAccepted] = useState(false);
  const needsYes = m.licence.gated && m.installed === undefined;
  return (
    <li className="entry">
      <strong>{m.name}</strong>
      {m.installed !== undefined ? (
        <button type="button" onClick={doing(() => removeModel(m.name), again)}>
          Remove
        </button>
      ) : m.pull ? (
        <button type="button" onClick={doing(() => stopPull(m.name), again)}>
          Stop
        </button>
      ) : (
        <button
          type="button"
          disabled={needsYes && !accepted}
          onClick={doing(() => pullModel(m.name, accepted), again)}
        >
          Download
        </button>
      )}
      <span>{m.summary}</span>
      <small>
        <a href={m.licence.url} target="_blank" rel="noreferrer">
          {m.licence.id}
        </a>
        {m.installed !== undefined && `, here, ${bytesText(m.installed)}`}
      </small>
      {needsYes && (
        <label className="yes">
          <input type="checkbox" checked={accepted} onChange={(e) => setAccepted(e.target.checked)} />I have read and
          accept these terms
        </label>
      )}
      {m.pull && (
        <>
          <progress
            value={m.pull.bytes}
            max={m.pull.total ?? Math.max(1, m.pull.bytes)}
            aria-label={`Download of ${m.name}`}
          />
          <small>
            {m.pull.file} {m.pull.doing}: {bytesText(m.pull.bytes)}
            {m.pull.total !== undefined && ` of ${bytesText(m.pull.total)}`}
          </small>
        </>
      )}
      {m.failure && <small className="failure">{`${m.failure.message}. ${m.failure.fix}`}</small>}
    </li>
  );
}
