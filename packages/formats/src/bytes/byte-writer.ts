const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. */
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** Little-endian bytes being collected, one small number after another. For headers, not for pixels. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  #room(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.#bytes.length) {
      const wider = new Uint8Array(Math.max(this.length, 2 * this.#bytes.length));
      wider.set(this.#bytes);
      this.#bytes = wider;
      this.#view = new DataView(wider.buffer);
    }
    return at;
  }

  #write(count: number, put: (view: DataView, at: number) => void): void {
    const at = this.#room(count); // first: it may replace the view
    put(this.#view, at);
  }

  u8 = (v: number) => this.#write(1, (view, at) => view.setUint8(at, v));
  i32 = (v: number) => this.#write(4, (view, at) => view.setInt32(at, v, true));
  u32 = (v: number) => this.#write(4, (view, at) => view.setUint32(at, v, true));
  f32 = (v: number) => this.#write(4, (view, at) => view.setFloat32(at, v, true));
  f64 = (v: number) => this.#write(8, (view, at) => view.setFloat64(at, v, true));
  u64 = (v: number) => this.#write(8, (view, at) => view.setBigUint64(at, BigInt(v), true));

  put(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  text = (text: string) => this.put(bytesOf(text));

  /** Text and the zero byte that ends it. */
  zeroText(text: string): void {
    this.text(text);
    this.u8(0);
  }

  /** What was collected so far. */
  done = (): Uint8Array => this.#bytes.subarray(0, this.length);
}

/** One array after another. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
