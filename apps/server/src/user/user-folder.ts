import { homedir, platform } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a user's own choices are kept (presets, what was open lately, the batch): ROTOKIT_CONFIG, else what the system has for that. */
export function userFolder(env: Environment): string {
  if (env.ROTOKIT_CONFIG) return env.ROTOKIT_CONFIG;
  const home = homedir();
  if (platform() === 'darwin') return join(home, 'Library', 'Application Support', 'rotokit');
  if (platform() === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'rotokit');
  return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'rotokit');
}

/** Where things are kept that can be made again (pictures for playing): ROTOKIT_CACHE, else what the system has for that. */
export function cacheFolder(env: Environment): string {
  if (env.ROTOKIT_CACHE) return env.ROTOKIT_CACHE;
  const home = homedir();
  if (platform() === 'darwin') return join(home, 'Library', 'Caches', 'rotokit');
  if (platform() === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'rotokit', 'Cache');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'rotokit');
}
