import type { KeptPrompt } from '@rotokit/server/api';
import { useState } from 'react';
import { clearAnchor, say, takeBack } from '../model/edits.js';
import { isPlaced } from '../model/nudge.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Icon } from '../shell/Icon.js';

/** What was said about the selected object on the frame that is shown. */
export function PromptsPanel() {
  const frame = usePart(studio, (s) => (s.playing ? undefined : s.frame));
  const object = usePart(studio, (s) => s.project?.objects.find((o) => o.id === s.selected));
  if (!object) return null;
  if (frame === undefined) return <section className="panel prompts" aria-label="Prompts" />;
  const here = object.prompts.filter((p) => p.frame === frame);
  const anchored = object.anchors.includes(frame);
  return (
    <section className="panel prompts" aria-label="Prompts">
      <header>
        <h2>
          {object.name}, frame {frame}
        </h2>
        {anchored && (
          <button
            type="button"
            className="square"
            aria-label="Clear this frame"
            title="Clear this frame: back to the tracker (Delete)"
            onClick={() => void clearAnchor(object.id, frame)}
          >
            <Icon name="bin" />
          </button>
        )}
      </header>
      <p className="standing">{standing(object, frame)}</p>
      <ol>
        {here.map((p) => (
          <Said key={p.id} said={p} />
        ))}
      </ol>
      {object.engine.accepts.includes('text') && <Words object={object.name} />}
      {!here.length && (
        <p className="hint">
          Click adds, Alt-click takes away, a drag draws a box. What you say can be dragged on the picture.
        </p>
      )}
    </section>
  );
}

/** One thing that was said, which is picked for the keys and taken back. */
function Said({ said: p }: { readonly said: KeptPrompt }) {
  const picked = usePart(studio, (s) => s.picked);
  return (
    <li>
      <span className={`sign ${signOf(p)}`} aria-hidden="true" />
      {isPlaced(p) ? (
        <button
          type="button"
          className="said"
          aria-pressed={picked === p.id}
          title="Pick it: Alt and arrow keys move it"
          onClick={() => studio.set({ picked: picked === p.id ? undefined : p.id })}
        >
          {describe(p.prompt)}
        </button>
      ) : (
        <span className="said">{describe(p.prompt)}</span>
      )}
      <button
        type="button"
        className="square quiet"
        aria-label="Take this back"
        title="Take this back"
        onClick={() => void takeBack(p.id)}
      >
        <Icon name="cross" />
      </button>
    </li>
  );
}

/** A field for words; it is there only where the object's engine understands them. */
function Words({ object }: { readonly object: string }) {
  const [text, setText] = useState('');
  return (
    <form
      className="keep words"
      onSubmit={(e) => {
        e.preventDefault();
        void say([{ kind: 'text', text: text.trim() }]).then(() => setText(''));
      }}
    >
      <input
        value={text}
        maxLength={400}
        aria-label={`Words for ${object}`}
        placeholder="In words: the red cup"
        onChange={(e) => setText(e.target.value)}
      />
      <button type="submit" disabled={!text.trim()}>
        Say
      </button>
    </form>
  );
}

interface Standing {
  readonly anchors: readonly number[];
  readonly versions: readonly (string | undefined)[];
  readonly sure: Uint8Array;
}

function standing(o: Standing, frame: number): string {
  const first = studio.get().project?.clip.first ?? 0;
  if (o.anchors.includes(frame)) return 'Anchor: nothing but you changes this frame.';
  if (o.versions[frame - first] === undefined) return 'No mask here yet.';
  return `Tracked, confidence ${((o.sure[frame - first] as number) / 200).toFixed(2)}.`;
}

function signOf({ prompt }: KeptPrompt): string {
  if (prompt.kind === 'point' || prompt.kind === 'brush') return prompt.positive ? 'add' : 'subtract';
  return prompt.kind;
}

function describe(p: KeptPrompt['prompt']): string {
  const whole = (v: number) => Math.round(v);
  switch (p.kind) {
    case 'point':
      return `click ${whole(p.at[0])}, ${whole(p.at[1])}`;
    case 'box':
      return `box ${whole(p.to[0] - p.from[0])}×${whole(p.to[1] - p.from[1])}`;
    case 'brush':
      return `brush ${whole(p.radius)} px, ${p.path.length} points`;
    case 'mask':
      return 'a mask';
    case 'text':
      return `“${p.text}”`;
  }
}
