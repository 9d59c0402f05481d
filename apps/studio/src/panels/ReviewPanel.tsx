import type { ReviewItem } from '@rotokit/server/api';
import { useEffect, useRef } from 'react';
import { desk } from '../model/desk.js';
import { lookAt, reviewKey, settleReview } from '../model/edits.js';
import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { Icon } from '../shell/Icon.js';

const WORDS: Readonly<Record<string, string>> = {
  'low-score': 'engine unsure',
  'torn-edge': 'torn edge',
  'flow-disagreement': 'motion disagrees',
  'area-jump': 'size jumps',
  'shape-jump': 'shape jumps',
  'far-from-anchor': 'unlike the anchor',
  'possible-swap': 'may be another object',
  lost: 'lost',
  found: 'seen again',
  'shot-cut': 'shot cut',
  'direction-disagreement': 'directions disagree',
  drift: 'drift',
};

/** The three weightiest reasons; the others are in the tip. */
const because = ({ reasons }: ReviewItem): string =>
  reasons
    .slice(0, 3)
    .map((r) => WORDS[r] ?? r)
    .join(', ') || 'low confidence';

/** The frames worth looking at, worst first, with a picture and the reason. */
export function ReviewPanel() {
  const items = usePart(studio, (s) => s.project?.review);
  const tracked = usePart(studio, (s) => s.project?.objects.some((o) => o.masks.length > o.anchors.length) ?? false);
  if (!items?.length)
    return (
      <p className="hint">
        {tracked ? 'Nothing is doubted.' : 'After tracking, doubtful frames are listed here, worst first.'}
      </p>
    );
  return (
    <>
      <p className="count">
        {items.length} to look at, worst first. <kbd>N</kbd> next, <kbd>A</kbd> accept, <kbd>X</kbd> ignore; a click on
        the picture mends.
      </p>
      <ol className="queue">
        {items.map((item) => (
          <Item key={reviewKey(item)} item={item} />
        ))}
      </ol>
    </>
  );
}

function Item({ item }: { readonly item: ReviewItem }) {
  const current = usePart(studio, (s) => s.reviewing === reviewKey(item));
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const span = item.first === item.last ? `${item.frame}` : `${item.first}–${item.last}`;
  return (
    <li ref={row} className={current ? 'doubt selected' : 'doubt'} aria-current={current}>
      <button
        type="button"
        className="look"
        title={item.reasons.map((r) => WORDS[r] ?? r).join(', ')}
        onClick={() => lookAt(item)}
      >
        <Thumbnail item={item} />
        <span className="what">
          <strong>{item.frame}</strong> {item.object}
          <span className="why">{because(item)}</span>
          <span className="span">
            {span}
            <meter min={0} max={1} low={0.35} high={0.5} optimum={1} value={item.confidence} aria-label="Confidence" />
            {item.confidence.toFixed(2)}
          </span>
        </span>
      </button>
      {current && (
        <span className="verdicts">
          <button type="button" onClick={() => void settleReview('accepted')} title="It is right (A)">
            <Icon name="check" /> Accept
          </button>
          <button type="button" onClick={() => void settleReview('ignored')} title="Nobody needs to look (X)">
            <Icon name="cross" /> Ignore
          </button>
        </span>
      )}
    </li>
  );
}

function Thumbnail({ item }: { readonly item: ReviewItem }) {
  const object = usePart(studio, (s) => s.project?.objects.find((o) => o.name === item.object));
  const first = usePart(studio, (s) => s.project?.clip.first ?? 0);
  const version = object?.versions[item.frame - first];
  if (!object || version === undefined) return <span className="thumb" />;
  const url = desk().client.thumbnailUrl(object.id, item.frame, version, object.colour);
  return <img className="thumb" src={url} width={96} height={64} loading="lazy" alt="" />;
}
