import { realpath, rm, rmdir } from 'node:fs/promises';
import type {
  FileVerdict,
  InstalledFile,
  ModelCard,
  ModelFile,
  ModelHub,
  PullEvent,
  PullOptions,
} from '@rotokit/core/ports';
import { RotokitError } from '@rotokit/core/values';
import { MODEL_CARDS } from './cards.js';
import { digestOf, sizeOf } from './disk/digest.js';
import { readPins } from './disk/pins.js';
import { pinsPath, placeOf } from './disk/places.js';
import { breakLock, type HeldLock, LockWatch, tryLock } from './disk/process-lock.js';
import type { ProxySettings } from './http/proxy.js';
import type { ConvertCheckpoint } from './pull/from-folder.js';
import type { SourceSettings } from './pull/job.js';
import { pinKey, pullFile } from './pull/pull-file.js';

/** How to open the hub. Only `folder` has no default. */
export interface HubOptions {
  /** Where models are kept: one folder each, and `models.lock.json` with the digests. Made when the first model is pulled. */
  readonly folder: string;
  /** Where they come from; default `https://huggingface.co`. A mirror has the same paths below its address. */
  readonly base?: string;
  /** A token of the user's, for gated repositories. It is sent to `base` and nowhere else. */
  readonly token?: string;
  readonly proxy?: ProxySettings;
  /** Turns a checkpoint of torch into the bytes of a `.safetensors` file; with it, `from` takes checkpoints too. */
  readonly convert?: ConvertCheckpoint;
  /** The models to offer; default `MODEL_CARDS`. */
  readonly cards?: readonly ModelCard[];
  /** How often in a row an attempt may bring nothing new; default 5. */
  readonly attempts?: number;
  /** Milliseconds before a second attempt, doubled for each further one; default 500. */
  readonly pause?: number;
  /** Milliseconds without a byte after which a connection counts as lost; default 30,000. */
  readonly patience?: number;
}

/** The hub over a folder and a source. Opens nothing yet. @throws RangeError when `base` is no http address. */
export function openHub(options: HubOptions): ModelHub {
  const { folder, base = 'https://huggingface.co', token, cards = MODEL_CARDS } = options;
  if (!/^https?:\/\//.test(base) || !URL.canParse(base))
    throw new RangeError(`the hub's address must begin with http:// or https://, is ${base}`);
  const source: SourceSettings = {
    base: new URL(base),
    ...(token === undefined ? {} : { token }),
    proxy: options.proxy ?? {},
    attempts: options.attempts ?? 5,
    pause: options.pause ?? 500,
    patience: options.patience ?? 30_000,
  };
  return new FolderHub(folder, source, cards, options.convert);
}

class FolderHub implements ModelHub {
  readonly cards: readonly ModelCard[];
  readonly #folder: string;
  readonly #source: SourceSettings;
  readonly #convert: ConvertCheckpoint | undefined;

  constructor(
    folder: string,
    source: SourceSettings,
    cards: readonly ModelCard[],
    convert: ConvertCheckpoint | undefined,
  ) {
    this.#folder = folder;
    this.#source = source;
    this.#convert = convert;
    this.cards = cards;
  }

  async find(name: string) {
    const card = this.#card(name);
    const files = await Promise.all(card.files.map((file) => this.#installed(card, file)));
    const here = files.filter((f) => f !== undefined);
    return here.length === files.length ? { card, files: here } : undefined;
  }

  async *pull(name: string, options: PullOptions = {}): AsyncGenerator<PullEvent> {
    const card = this.#card(name);
    const { id, url, gated } = card.licence;
    if (gated && !options.acceptLicence && !(await this.find(name)))
      throw new RotokitError('MODEL_LICENCE', { model: card.name, licence: id, url });
    const signal = options.signal ?? new AbortController().signal;
    const from = {
      ...(options.from === undefined ? {} : { from: options.from }),
      ...(this.#convert ? { convert: this.#convert } : {}),
    };
    for (const file of card.files) {
      signal.throwIfAborted();
      const place = placeOf(this.#folder, card.name, file.name);
      yield* pullFile({ card, file, place, pins: pinsPath(this.#folder), source: this.#source, signal, ...from });
    }
  }

  async verify(name: string, signal?: AbortSignal): Promise<readonly FileVerdict[]> {
    const card = this.#card(name);
    const verdicts: FileVerdict[] = [];
    for (const file of card.files) {
      const pin = await this.#pin(card, file);
      const { file: path } = placeOf(this.#folder, card.name, file.name);
      const size = await sizeOf(path);
      if (!pin || size === undefined) verdicts.push({ kind: 'absent', name: file.name });
      else if (size !== pin.bytes)
        verdicts.push({ kind: 'damaged', name: file.name, expected: `${pin.bytes} bytes`, found: `${size} bytes` });
      else {
        const found = await digestOf(path, signal);
        if (found === pin.sha256) verdicts.push({ kind: 'sound', file: (await this.#installed(card, file))! });
        else verdicts.push({ kind: 'damaged', name: file.name, expected: pin.sha256, found });
      }
    }
    return verdicts;
  }

  async remove(name: string): Promise<number> {
    const card = this.#card(name);
    let freed = 0;
    for (const file of card.files) {
      const place = placeOf(this.#folder, card.name, file.name);
      if ((await sizeOf(place.file)) === undefined && (await sizeOf(place.part)) === undefined) continue;
      const lock = await lockFor(place.lock, card.name);
      try {
        for (const path of [place.file, place.part, place.partFacts]) {
          freed += (await sizeOf(path)) ?? 0;
          await rm(path, { force: true });
        }
      } finally {
        await lock.release();
      }
      await rmdir(place.folder).catch(() => undefined);
    }
    return freed;
  }

  #card(name: string): ModelCard {
    const card = this.cards.find((c) => c.name === name);
    if (!card)
      throw new RotokitError('MODEL_UNKNOWN', { model: name, known: this.cards.map((c) => c.name).join(', ') });
    return card;
  }

  async #pin(card: ModelCard, file: ModelFile) {
    return (await readPins(pinsPath(this.#folder)))[pinKey(card, file)];
  }

  async #installed(card: ModelCard, file: ModelFile): Promise<InstalledFile | undefined> {
    const pin = await this.#pin(card, file);
    const { file: path } = placeOf(this.#folder, card.name, file.name);
    if (!pin || (await sizeOf(path)) !== pin.bytes) return undefined;
    return { name: file.name, path: await realpath(path), bytes: pin.bytes, sha256: pin.sha256, trust: pin.trust };
  }
}

/** The right to change a file's place. @throws RotokitError MODEL_BUSY when it is being pulled. */
async function lockFor(path: string, model: string): Promise<HeldLock> {
  const lock = await tryLock(path);
  if ('release' in lock) return lock;
  if (!(await new LockWatch(path).isStale(Number.POSITIVE_INFINITY)))
    throw new RotokitError('MODEL_BUSY', { model, ...lock });
  await breakLock(path, lock);
  return lockFor(path, model);
}
