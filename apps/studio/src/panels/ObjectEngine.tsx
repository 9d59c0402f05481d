import type { EngineCard, EngineChoice, EngineList, PolicyCard } from '@rotokit/server/api';
import { useEffect, useState } from 'react';
import { getEngines } from '../api/machine.js';
import { chooseEngine } from '../model/edits.js';
import type { ObjectModel } from '../model/project-model.js';
import { usePart } from '../model/store.js';
import { studio, tellFailure } from '../model/studio-state.js';

/** How an object is followed: as the project, or by an engine of its own with its profile, memory policy and thresholds. */
export function ObjectEngine({ object: o }: { readonly object: ObjectModel }) {
  const [open, setOpen] = useState(false);
  const edits = usePart(studio, (s) => s.session?.visitor.access !== 'view');
  const { own, name, refused } = o.engine;
  const says = refused ? 'cannot be used' : `${name}${own?.policy ? `, ${own.policy.split(',')[0]}` : ''}`;
  return (
    <details className="engine" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary title="The engine that follows this object">
        Engine <span className={refused ? 'failure' : ''}>{says}</span>
      </summary>
      {refused && <p className="problem">{refused}.</p>}
      {open && edits && <Choices object={o} />}
    </details>
  );
}

function Choices({ object: o }: { readonly object: ObjectModel }) {
  const [list, setList] = useState<EngineList>();
  const project = usePart(studio, (s) => s.project?.engine);
  useEffect(() => void getEngines().then(setList, tellFailure), []);
  if (!list) return <p className="hint">Looking which are here</p>;
  const { own } = o.engine;
  const card = list.engines.find((e) => e.name === (own?.engine === 'auto' ? o.engine.name : own?.engine));
  const choose = (choice: EngineChoice | undefined) => void chooseEngine(o.id, choice);
  return (
    <>
      <select
        aria-label={`Engine of ${o.name}`}
        value={own?.engine ?? ''}
        onChange={(e) => choose(e.target.value ? { engine: e.target.value } : undefined)}
      >
        <option value="">project: {project?.name ?? project?.engine}</option>
        {list.engines.map((e) => (
          <option key={e.name} value={e.name} disabled={e.refused !== undefined}>
            {e.name}
            {e.refused !== undefined && ' (not usable)'}
          </option>
        ))}
        {own && !list.engines.some((e) => e.name === own.engine) && <option value={own.engine}>{own.engine}</option>}
      </select>
      {own && card?.takes.includes('profile') && (
        <label className="field">
          Quality
          <select
            value={own.profile ?? 'full'}
            onChange={(e) => choose({ ...own, profile: e.target.value as 'full' | 'fast' })}
          >
            <option value="full">full</option>
            <option value="fast">fast</option>
          </select>
        </label>
      )}
      {own && card?.takes.includes('policy') && <Policy own={own} policies={list.policies} choose={choose} />}
      <Refusals engines={list.engines} />
    </>
  );
}

interface PolicyProps {
  readonly own: EngineChoice;
  readonly policies: readonly PolicyCard[];
  readonly choose: (choice: EngineChoice) => void;
}

/** The memory policy and its thresholds; one that is as it comes is not written down. */
function Policy({ own, policies, choose }: PolicyProps) {
  const [name = 'sam2', ...parts] = (own.policy ?? 'sam2').split(',');
  const policy = policies.find((p) => p.name === name);
  const set = new Map(parts.map((p) => p.split('=') as [string, string]));
  const change = (key: string, value: string) => {
    const next = new Map(set);
    if (value === '' || Number(value) === policy?.thresholds[key]) next.delete(key);
    else next.set(key, value);
    choose({ ...own, policy: [name, ...[...next].map(([k, v]) => `${k}=${v}`)].join(',') });
  };
  return (
    <>
      <label className="field">
        Memory
        <select value={name} onChange={(e) => choose({ ...own, policy: e.target.value })}>
          {policies.map((p) => (
            <option key={p.name}>{p.name}</option>
          ))}
        </select>
        <small>{policy?.summary}</small>
      </label>
      <details>
        <summary>Thresholds</summary>
        {Object.entries(policy?.thresholds ?? {}).map(([key, value]) => (
          <label key={key} className="threshold">
            {key}
            <input
              key={set.get(key) ?? value}
              type="number"
              step="any"
              defaultValue={set.get(key) ?? value}
              onBlur={(e) => e.target.value !== String(set.get(key) ?? value) && change(key, e.target.value)}
              onKeyDown={(e) => e.key === 'Enter' && e.currentTarget.blur()}
            />
          </label>
        ))}
      </details>
    </>
  );
}

/** What stands against the engines that cannot be chosen. */
function Refusals({ engines }: { readonly engines: readonly EngineCard[] }) {
  const refused = engines.filter((e) => e.refused !== undefined);
  if (!refused.length) return null;
  return (
    <details>
      <summary>Why not {refused.length === 1 ? refused[0]?.name : `the ${refused.length} others`}</summary>
      <ul className="refusals">
        {refused.map((e) => (
          <li key={e.name}>
            <strong>{e.name}</strong> {e.refused}
          </li>
        ))}
      </ul>
    </details>
  );
}
