import type { MadeLink } from '@rotokit/server/api';
import { Fragment, useState } from 'react';
import { getLinks, getResources, makeLink, removeLink } from '../api/machine.js';
import { usePart } from '../model/store.js';
import { studio, tellFailure } from '../model/studio-state.js';
import { bytesText } from './bytes.js';
import { doing, useFollowed } from './follow.js';

/** What the machine is used for: memory, caches, models; and who looks on. */
export function ResourcesPanel() {
  const [used] = useFollowed(getResources, 2000);
  return (
    <section className="machine" aria-label="Resources">
      {used && (
        <dl className="figures">
          <Figure name="Server" text={bytesText(used.server.memory)} />
          {used.projects.map((p) => (
            <Fragment key={p.id}>
              <Figure name={p.shot} text={bytesText(p.memory)} />
              <Figure
                inner
                name="pictures kept"
                text={`${bytesText(p.pictures.bytes)} of ${bytesText(p.pictures.limit)}`}
              />
              <Figure inner name="found there" text={share(p.pictures)} />
            </Fragment>
          ))}
          <Figure name="Machine" text={`${bytesText(used.machine.free)} of ${bytesText(used.machine.memory)} free`} />
          <Figure name="Models" text={bytesText(used.models.bytes)} />
        </dl>
      )}
      <Links />
    </section>
  );
}

const share = ({ hits, misses }: { readonly hits: number; readonly misses: number }) =>
  hits + misses ? `${Math.round((100 * hits) / (hits + misses))} % of ${hits + misses}` : 'none asked for yet';

const Figure = ({ name, text, inner }: { readonly name: string; readonly text: string; readonly inner?: boolean }) => (
  <div className={inner ? 'inner' : ''}>
    <dt>{name}</dt>
    <dd>{text}</dd>
  </div>
);

/** Links for looking only. */
function Links() {
  const [links, again] = useFollowed(getLinks, 5000);
  const me = usePart(studio, (s) => s.session?.visitor.name);
  const [name, setName] = useState('');
  const [made, setMade] = useState<MadeLink>();
  const make = async () => {
    setMade(await makeLink(name));
    setName('');
  };
  return (
    <form
      className="add"
      onSubmit={(e) => {
        e.preventDefault();
        doing(make, again)();
      }}
    >
      <label className="field">
        A link for looking only, for
        <input value={name} maxLength={40} onChange={(e) => setName(e.target.value)} />
      </label>
      <button type="submit" disabled={!name.trim()}>
        Make a link
      </button>
      {made && (
        <label className="field">
          The address, told once
          <input readOnly value={made.url} onFocus={(e) => e.target.select()} />
        </label>
      )}
      {made && (
        <button type="button" onClick={() => void navigator.clipboard.writeText(made.url).catch(tellFailure)}>
          Copy
        </button>
      )}
      <ul className="results" aria-label="Who is invited">
        {links?.map((l) => (
          <li key={l.id} className="entry">
            <strong>{l.name}</strong>
            {(l.access === 'view' || (l.until !== undefined && l.name !== me)) && (
              <button type="button" onClick={doing(() => removeLink(l.id), again)}>
                Take back
              </button>
            )}
            <small>
              {l.access === 'view' ? 'looks only' : 'edits'}
              {l.until !== undefined && `, until ${new Date(l.until).toLocaleDateString()}`}
            </small>
          </li>
        ))}
      </ul>
    </form>
  );
}
