import { usePart } from '../model/store.js';
import { studio } from '../model/studio-state.js';
import { percent } from './span.js';
import { readyText } from './strip.js';

/** A thin line along the frames that can be played without decoding. */
export function Ready() {
  const clip = usePart(studio, (s) => s.project?.clip);
  const proxies = usePart(studio, (s) => s.proxies);
  if (!clip || !proxies) return null;
  const { first, frames } = clip;
  const text = readyText(proxies, frames);
  return (
    <div className="ready" role="img" aria-label={text} title={text}>
      {proxies.ready.map(([a, b]) => (
        <span key={a} style={{ left: percent(a, first, frames), width: `${(100 * (b - a + 1)) / frames}%` }} />
      ))}
    </div>
  );
}
