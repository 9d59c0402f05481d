/**
 * What OpenEXR does to bytes before zlib sees them (OpenEXRCore/internal_zip.c): even bytes go to the first half and odd
 * ones to the second, which puts the slowly changing high bytes together; then each byte becomes its difference to
 * the one before, plus 128.
 */
export function predict(raw: Uint8Array, into: Uint8Array): void {
  const half = raw.length >> 1; // samples have 2 or 4 bytes, so the length is even
  let [even, odd] = [128, raw[raw.length - 2] ?? 0]; // 128: the first byte stays as it is
  for (let i = 0, j = 0; i < half; i++, j += 2) {
    const [a, b] = [raw[j], raw[j + 1]];
    into[i] = a - even + 128;
    into[half + i] = b - odd + 128;
    even = a;
    odd = b;
  }
}

/** The way back: `into` receives the raw bytes; `packed` is overwritten. */
export function unpredict(packed: Uint8Array, into: Uint8Array): void {
  for (let i = 1; i < packed.length; i++) packed[i] = packed[i - 1] + packed[i] - 128;
  const half = (packed.length + 1) >> 1;
  for (let i = 0, j = 0; j < into.length; i++, j += 2) into[j] = packed[i];
  for (let i = half, j = 1; j < into.length; i++, j += 2) into[j] = packed[i];
}
