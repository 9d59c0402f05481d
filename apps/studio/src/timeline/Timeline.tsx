import { useEffect } from 'react';
import type { ObjectModel } from '../model/project-model.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Lanes } from './Lanes.js';
import { spanStore } from './span.js';
import { Transport } from './Transport.js';

/** Transport, ruler with the work area, one row for each object, the playhead. */
export function Timeline() {
  const id = usePart(studio, (s) => s.project?.id);
  const objects = usePart(studio, (s) => s.project?.objects);
  useEffect(() => {
    if (id !== undefined) spanStore.set({ zoom: 1 });
  }, [id]);
  if (!objects) return <section className="timeline" aria-label="Timeline" />;
  return (
    <section className="timeline" aria-label="Timeline">
      <Transport />
      <div className="rows">
        <div className="heads">
          <div className="head ruler-head">
            <Standing />
          </div>
          {objects.map((o) => (
            <Head key={o.id} object={o} />
          ))}
        </div>
        <Lanes />
      </div>
    </section>
  );
}

function Head({ object }: { readonly object: ObjectModel }) {
  const selected = usePart(studio, (s) => s.selected === object.id);
  return (
    <button
      type="button"
      className={selected ? 'head selected' : 'head'}
      onClick={() => studio.set({ selected: object.id })}
    >
      <svg className="chip" viewBox="0 0 1 1" aria-hidden="true">
        <rect width="1" height="1" fill={object.colour} />
      </svg>
      <span>{object.name}</span>
    </button>
  );
}

/** How much of the work area has no mask that is up to date. */
function Standing() {
  const objects = usePart(studio, (s) => s.project?.objects);
  const clip = usePart(studio, (s) => s.project?.clip);
  const [from, to] = usePart(studio, (s) => s.work);
  if (!clip || !objects?.some((o) => o.anchors.length)) return <span />;
  const [a, b] = [from - clip.first, to - clip.first + 1];
  const left = objects.reduce((n, o) => n + o.old.subarray(a, b).reduce((m, v) => m + v, 0), 0);
  const part = b - a < clip.frames ? ' here' : '';
  return <span title="In the work area">{left ? `${left} to track${part}` : `all tracked${part}`}</span>;
}
