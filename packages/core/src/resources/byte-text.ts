const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes for people, in powers of 1,000: `64 MB`, `1.5 GB`. */
export function bytesText(bytes: number): string {
  let [value, unit] = [Math.abs(bytes), 0];
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${bytes < 0 ? '-' : ''}${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Bytes from what a person writes: `2GB`, `800 MB`, `1.5g`, `500000`. @throws RangeError when it is no size. */
export function parseBytes(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgt]?)b?)?\s*$/i.exec(text);
  const power = ['', 'k', 'm', 'g', 't'].indexOf((match?.[2] ?? '').toLowerCase());
  const bytes = Math.round(Number(match?.[1]) * 1000 ** power);
  if (!match || !Number.isSafeInteger(bytes) || bytes < 1)
    throw new RangeError(`a size is written 2GB, 800MB or 500000, got ${text}`);
  return bytes;
}
