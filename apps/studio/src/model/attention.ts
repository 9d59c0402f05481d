import { desk, pictures } from './desk.js';
import { studio } from './studio-state.js';

/** How long a frame must be looked at, in milliseconds, before the server is told: whoever steps on is not about to click. */
const REST_MS = 80;

/** Tells the server which frame the user rests on, so that the engine prepares it before the first click. */
export function watchAttention(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told = '';
  studio.listen(() => {
    const { project, frame, playing, scrubbing, selected } = studio.get();
    const now = project && !playing && !scrubbing ? `${project.id}/${frame}/${selected}` : '';
    if (now === told) return;
    told = now;
    clearTimeout(timer);
    // A refusal is no news: the click itself will be told.
    if (now && pictures())
      timer = setTimeout(
        () =>
          desk()
            .client.lookAt(frame, selected)
            .catch(() => {}),
        REST_MS,
      );
  });
}
