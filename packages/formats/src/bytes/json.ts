import type { Size } from '@rotokit/core/values';
import { checkPixels, type DecodeOptions, damaged, textOf } from './byte-reader.js';

/** Anything JSON can say, seen through readers that stop the decoder where it is something else. */
export class JsonValue {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    this.#value = value;
    this.#path = path;
  }

  /** Reads the text of a file. */
  static parse(bytes: Uint8Array): JsonValue {
    try {
      return new JsonValue(JSON.parse(textOf(bytes)), '');
    } catch {
      return damaged('it is no JSON');
    }
  }

  get isNull(): boolean {
    return this.#value === null || this.#value === undefined;
  }

  field(name: string): JsonValue {
    const v = this.#value;
    if (typeof v !== 'object' || v === null || Array.isArray(v)) return damaged(`${this.#name} is no object`);
    const own = Object.hasOwn(v, name) ? (v as Record<string, unknown>)[name] : undefined;
    return new JsonValue(own, `${this.#path}.${name}`);
  }

  get list(): JsonValue[] {
    if (!Array.isArray(this.#value)) return damaged(`${this.#name} is no list`);
    return this.#value.map((v, i) => new JsonValue(v, `${this.#path}[${i}]`));
  }

  /** A list of numbers, without a wrapper for each. */
  get numbers(): number[] {
    const v = this.#value;
    if (!Array.isArray(v) || !v.every((n) => typeof n === 'number'))
      return damaged(`${this.#name} is no list of numbers`);
    return v;
  }

  get isList(): boolean {
    return Array.isArray(this.#value);
  }

  get text(): string {
    return typeof this.#value === 'string' ? this.#value : damaged(`${this.#name} is no text`);
  }

  get isText(): boolean {
    return typeof this.#value === 'string';
  }

  get number(): number {
    return typeof this.#value === 'number' && Number.isFinite(this.#value)
      ? this.#value
      : damaged(`${this.#name} is no number`);
  }

  get whole(): number {
    return Number.isSafeInteger(this.number) ? this.number : damaged(`${this.#name} is no whole number`);
  }

  get isBoolean(): boolean {
    return typeof this.#value === 'boolean';
  }

  get boolean(): boolean {
    return typeof this.#value === 'boolean' ? this.#value : damaged(`${this.#name} is neither true nor false`);
  }

  /** An object whose fields all mean the same. */
  record<T>(read: (value: JsonValue) => T): Record<string, T> {
    const v = this.#value;
    if (typeof v !== 'object' || v === null || Array.isArray(v)) return damaged(`${this.#name} is no object`);
    const out: Record<string, T> = Object.create(null);
    for (const [key, value] of Object.entries(v)) out[key] = read(new JsonValue(value, `${this.#path}.${key}`));
    return out;
  }

  get #name(): string {
    return this.#path === '' ? 'it' : this.#path.slice(this.#path.startsWith('.') ? 1 : 0);
  }
}

/** A picture's size from two numbers that a file claims. Stops the decoder where they are none, refuses too large ones. */
export function claimedSize(width: number, height: number, options: DecodeOptions): Size {
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 1 || height < 1)
    damaged(`a picture of ${width}x${height}`);
  checkPixels(width, height, options);
  return { width, height };
}
