import { scriptedEngine, scriptedSource } from '@rotokit/core/fakes';
import type { Engine } from '@rotokit/core/ports';
import { HARDWARE, MemoryBudget } from '@rotokit/core/resources';
import { SRGB } from '@rotokit/core/values';
import { describe, expect, it } from 'vitest';
import type { Engines } from '../src/library/engines.js';
import { Sessions } from '../src/library/sessions.js';

const picture = () => ({ format: 'rgb8' as const, width: 8, height: 8, samples: new Uint8Array(192), colour: SRGB });
const PAST = { anchors: () => [], mask: async () => undefined, tracked: async () => undefined };

/** An engine that needs 300 MB and 100 MB an object, on a machine with a limit of 1,000 MB of which 100 are taken. */
function made() {
  const reading = { resident: 100e6, heap: 0, buffers: 0, available: 8e9, total: 8e9 };
  const budget = new MemoryBudget({ probe: { read: () => reading }, now: () => 0, limit: 1000e6 });
  let opened = 0;
  const inner = scriptedEngine();
  const engine: Engine = {
    ...inner,
    need: (_, objects) => 300e6 + 100e6 * objects,
    open: (...asked) => {
      opened++;
      return inner.open(...asked);
    },
  };
  const engines = { engine: async () => engine } as unknown as Engines;
  const resources = { settings: HARDWARE.laptop.settings, budget };
  const sessions = new Sessions(engines, scriptedSource({ frames: 2, picture }), resources, PAST);
  return { sessions, budget, opened: () => opened };
}

const CHOICE = { engine: 'any' };

describe('a session', () => {
  it('is opened once, after the memory of so many objects was asked for, and asks for more when more are followed', async () => {
    const { sessions, budget, opened } = made();
    await sessions.open(CHOICE);
    expect([opened(), budget.claimed]).toEqual([1, 400e6]);
    await sessions.open(CHOICE, 4);
    await Promise.all([sessions.open(CHOICE, 2), sessions.open(CHOICE, 5), sessions.open(CHOICE, 5)]);
    expect([opened(), budget.claimed]).toEqual([1, 800e6]);
    await expect(sessions.open(CHOICE, 7)).rejects.toMatchObject({
      code: 'MEMORY_LIMIT',
      message: expect.stringMatching(
        /following 7 objects through 8x8 with \w+ needs 1100 MB, more than the limit of 1000 MB/,
      ),
    });
    // What was refused is not held against the next one.
    await sessions.open(CHOICE, 6);
    expect(budget.claimed).toBe(900e6);
    await sessions.close();
    expect(budget.claimed).toBe(0);
  });

  it('that does not fit is not opened, and is when it does', async () => {
    const { sessions, budget, opened } = made();
    const other = await budget.claim('something else', 600e6);
    await expect(sessions.open(CHOICE)).rejects.toMatchObject({ code: 'MEMORY_LIMIT' });
    expect([opened(), budget.claimed]).toEqual([0, 600e6]);
    other.release();
    await sessions.open(CHOICE);
    expect(opened()).toBe(1);
    await sessions.close();
  });
});
