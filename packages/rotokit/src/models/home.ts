import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import type { ModelHub } from '@rotokit/core/ports';
import { type HubOptions, openHub } from '@rotokit/hub';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where models are kept: ROTOKIT_MODELS, else the folder that the system has for data of programs. */
export function modelFolder(env: Environment): string {
  if (env.ROTOKIT_MODELS) return env.ROTOKIT_MODELS;
  const home = homedir();
  if (platform() === 'darwin') return join(home, 'Library', 'Application Support', 'rotokit', 'models');
  if (platform() === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'rotokit', 'models');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'rotokit', 'models');
}

/** The reader of checkpoints is loaded when there is one to read: the command starts without it. */
async function* convertLazily(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { convertCheckpoint } = await import('./convert-checkpoint.js');
  yield* convertCheckpoint(path, signal);
}

/**
 * The hub as the user's environment describes it: ROTOKIT_MODELS (folder), ROTOKIT_HUB (a mirror), HF_TOKEN, HTTPS_PROXY, HTTP_PROXY, NO_PROXY (also in
 * lower case). The only place that reads them.
 */
export function hubOf(env: Environment): ModelHub {
  const given = <K extends string>(key: K, ...names: string[]) => {
    const value = names.map((n) => env[n]).find((v) => v);
    return (value === undefined ? {} : { [key]: value }) as { [key in K]?: string };
  };
  const options: HubOptions = {
    folder: modelFolder(env),
    convert: convertLazily,
    ...given('base', 'ROTOKIT_HUB'),
    ...given('token', 'HF_TOKEN'),
    proxy: {
      ...given('https', 'HTTPS_PROXY', 'https_proxy'),
      ...given('http', 'http_proxy', 'HTTP_PROXY'),
      ...given('except', 'NO_PROXY', 'no_proxy'),
    },
  };
  return openHub(options);
}
