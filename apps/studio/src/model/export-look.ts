import type { ExportLook } from '@rotokit/server/api';
import { createStore } from './store.js';

const FIRST: ExportLook = { formats: ['exr'] };

/** What the next export is to be like: what the export panel shows and presets keep. */
const store = createStore<{ readonly look: ExportLook }>({ look: FIRST });

/** See {@link ExportLook}; kept while the page is open. */
export const exportLook = {
  store,
  get: (): ExportLook => store.get().look,
  /** Changes some choices; undefined takes one back. */
  set(change: { readonly [K in keyof ExportLook]?: ExportLook[K] | undefined }): void {
    const next = Object.entries({ ...store.get().look, ...change }).filter(([, v]) => v !== undefined);
    store.set({ look: Object.fromEntries(next) as ExportLook });
  },
  /** Takes all choices of a preset. */
  replace: (look: ExportLook): void => store.set({ look }),
};
