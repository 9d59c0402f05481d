/** One to three edits: a flipped bit, an extreme byte or word, a cut, a doubled or dropped stretch. */
export function mutated(bytes: Uint8Array, random: () => number): Uint8Array {
  let out: Uint8Array = bytes.slice();
  const where = (n: number) => Math.floor(random() ** 2 * n); // headers come first and matter most
  for (let n = 1 + Math.floor(random() * 3); n > 0 && out.length > 8; n--) {
    const at = where(out.length);
    const kind = Math.floor(random() * 8);
    if (kind < 3) out[at] ^= 1 << Math.floor(random() * 8);
    else if (kind === 3) out[at] = [0, 1, 127, 128, 255][Math.floor(random() * 5)]!;
    else if (kind === 4) for (let i = at; i < Math.min(out.length, at + 4); i++) out[i] = random() < 0.5 ? 255 : 127;
    else if (kind === 5) out = out.subarray(0, at);
    else if (kind === 6) out = Uint8Array.of(...out.subarray(0, at), ...out.subarray(at + 1 + where(64)));
    else out = Uint8Array.of(...out.subarray(0, at + 8), ...out.subarray(at));
  }
  return out;
}

/** One to three edits of a text: a number made huge, negative or a fraction, a character lost or changed, a stretch cut, doubled or emptied. */
export function mutatedText(text: string, random: () => number): string {
  let out = text;
  for (let n = 1 + Math.floor(random() * 3); n > 0 && out.length > 8; n--) {
    const at = Math.floor(random() * out.length);
    const kind = Math.floor(random() * 7);
    const cut = (to: number, put: string) => out.slice(0, at) + put + out.slice(to);
    if (kind < 3) {
      const value = ['99999999999', '-1', '0', '1e308', '0.5', 'null', '""', '[]', '{}'][Math.floor(random() * 9)]!;
      let seen = 0;
      const which = Math.floor(random() * 40);
      out = out.replace(/\d+/g, (old) => (seen++ === which ? value : old));
    } else if (kind === 3) out = cut(at + 1, String.fromCharCode(32 + Math.floor(random() * 96)));
    else if (kind === 4) out = out.slice(0, at);
    else if (kind === 5) out = cut(at + 1 + Math.floor(random() * 40), '');
    else out = cut(at, out.slice(at, at + Math.floor(random() * 400)));
  }
  return out;
}
