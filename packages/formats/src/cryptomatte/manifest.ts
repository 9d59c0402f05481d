import { damaged } from '../bytes/byte-reader.js';
import { cryptoId } from './identifier.js';

/**
 * The manifest of a Cryptomatte: names and their identifiers as JSON (specification 1.2.0, "Manifest"). Names stay in UTF-8: not every
 * host understands `\u` escapes.
 * @throws RangeError when two names have the same identifier, which no reader could tell apart.
 */
export function cryptoManifest(names: readonly string[]): string {
  const byHex = new Map<string, string>();
  const entries: Record<string, string> = Object.create(null);
  for (const name of names) {
    const { hex } = cryptoId(name);
    const other = byHex.get(hex);
    if (other !== undefined)
      throw new RangeError(`objects need identifiers of their own, ${name} and ${other} both have ${hex}`);
    byHex.set(hex, name);
    entries[name] = hex;
  }
  return JSON.stringify(entries);
}

/** More names than this are damage. */
const MOST_NAMES = 1_000_000;

/** The identifiers' bits by name. Stops the decoder where the text is no manifest. */
export function parseCryptoManifest(text: string): ReadonlyMap<string, number> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return damaged('its Cryptomatte manifest is no JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return damaged('its Cryptomatte manifest is no JSON object');
  const entries = Object.entries(parsed);
  if (entries.length > MOST_NAMES) damaged(`its Cryptomatte manifest has more than ${MOST_NAMES} names`);
  return new Map(
    entries.map(([name, hex]) => {
      if (typeof hex !== 'string' || !/^[0-9a-f]{1,8}$/i.test(hex))
        damaged(`its Cryptomatte manifest gives ${JSON.stringify(name)} no identifier`);
      return [name, Number.parseInt(hex, 16)];
    }),
  );
}
