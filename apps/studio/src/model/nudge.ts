import type { KeptPrompt, Prompt } from '@rotokit/server/api';
import { movedPrompt, type Pair } from '../viewer/gesture.js';
import { selectedObject } from './desk.js';
import { sayDifferently } from './edits.js';
import { createStore } from './store.js';
import { note, studio } from './studio-state.js';

/** How long keys rest before the engine is asked: a hand that moves something moves it several times. */
const REST_MS = 300;

/** A prompt that keys are moving and how it says now; drawn so until the engine has answered. */
export const nudgeStore = createStore<{ readonly id: string | undefined; readonly prompt: Prompt | undefined }>({
  id: undefined,
  prompt: undefined,
});

let timer: ReturnType<typeof setTimeout> | undefined;

/** What keys move: the prompt that was picked, else what was said last on the frame. */
function pickedPrompt(): KeptPrompt | undefined {
  const { frame, picked } = studio.get();
  const here = selectedObject()?.prompts.filter((p) => p.frame === frame && isPlaced(p)) ?? [];
  return here.find((p) => p.id === picked) ?? here.at(-1);
}

/** Moves it by some source pixels. */
export function nudge(by: Pair): void {
  const { project } = studio.get();
  const found = pickedPrompt();
  if (!project || !found) {
    note('Nothing was said here that could be moved');
    return;
  }
  const { id } = found;
  const before = nudgeStore.get();
  const from = before.id === id && before.prompt ? before.prompt : (found.prompt as Prompt);
  const prompt = movedPrompt(from, by, project.clip);
  studio.set({ picked: id });
  nudgeStore.set({ id, prompt });
  clearTimeout(timer);
  timer = setTimeout(() => {
    void sayDifferently(id, prompt).finally(() => {
      if (nudgeStore.get().prompt === prompt) nudgeStore.set({ id: undefined, prompt: undefined });
    });
  }, REST_MS);
}

/** Whether it has a place in the picture. */
export const isPlaced = ({ prompt }: KeptPrompt): boolean => prompt.kind !== 'mask' && prompt.kind !== 'text';
