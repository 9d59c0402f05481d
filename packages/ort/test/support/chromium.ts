import type { Inference, LoadOptions, Network, Tensor, Tensors, WeightFile } from '@rotokit/core/ports';
import { RotokitError } from '@rotokit/core/values';
import type { WebInferenceOptions } from '@rotokit/ort/web';
import { type Browser, chromium, type Page } from 'playwright-core';
import { CHROMIUM } from '../../../../tests/support/chromium.js';
import { type PageServer, startPageServer } from './page-server.js';

/** What the tests of this file need, in the words of their titles; undefined when it is here. */
export const NEEDS_CHROMIUM = CHROMIUM ? undefined : 'chromium: apt-get install chromium';

interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly facts?: Readonly<Record<string, string | number>>;
}

type Sent = Omit<Tensor, 'data'> & { readonly name: string; readonly url: string };

const KINDS: Readonly<Record<string, (message: string) => Error>> = {
  TypeError: (m) => new TypeError(m),
  RangeError: (m) => new RangeError(m),
};

function rebuilt({ name, message, code, facts }: Thrown): Error {
  if (code) return new RotokitError(code as never, facts);
  return (KINDS[name] ?? ((m) => new Error(m)))(message);
}

/** A browser with the test page, whose adapter is used from here as if it were one of ours. */
export class TestPage {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #server: PageServer;

  private constructor(browser: Browser, page: Page, server: PageServer) {
    this.#browser = browser;
    this.#page = page;
    this.#server = server;
  }

  /** Starts Chromium without a window and waits until the page has loaded its modules. */
  static async start(): Promise<TestPage> {
    const server = await startPageServer();
    const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', '--disable-gpu'] });
    const page = await browser.newPage();
    page.on('pageerror', (e) => console.error('page:', e.message));
    await page.goto(server.url);
    await page.waitForFunction('globalThis.drive !== undefined');
    return new TestPage(browser, page, server);
  }

  /** The adapter for browsers, opened in the page. */
  async open(options: WebInferenceOptions): Promise<Inference> {
    const { id, name, provenance } = await this.#do<Inference & { id: number }>('open', options);
    return {
      name,
      provenance,
      load: (graph, weights, load) => this.#load(id, graph, weights, load),
      close: () => this.#do('close', id),
    };
  }

  /** Ends browser and server. */
  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }

  async #do<T>(action: string, argument: unknown): Promise<T> {
    const run = ([a, b]: [string, unknown]) =>
      (globalThis as unknown as { drive(x: unknown): Promise<{ value?: T; thrown?: Thrown }> }).drive([a, b]);
    const { value, thrown } = await this.#page.evaluate(run, [action, argument] as [string, unknown]);
    if (thrown) throw rebuilt(thrown);
    return value as T;
  }

  async #load(
    inference: number,
    graph: Uint8Array,
    weights: readonly WeightFile[],
    options?: LoadOptions,
  ): Promise<Network> {
    const files = weights.map((w) => ({
      location: w.location,
      url: 'bytes' in w ? this.#server.put(w.bytes) : this.#server.link(w.path),
    }));
    const argument = { inference, graph: this.#server.put(graph), weights: files, options };
    const { id, inputs, outputs } = await this.#do<Network & { id: number }>('load', argument);
    return {
      inputs,
      outputs,
      run: (tensors, wanted) => this.#run(id, tensors, wanted),
      close: () => this.#do('closeNetwork', id),
    };
  }

  async #run(network: number, tensors: Tensors, wanted?: readonly string[]): Promise<Tensors> {
    const inputs = Object.entries(tensors).map(([name, { type, shape, data }]) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return {
        name,
        type,
        shape,
        url: this.#server.put(bytes),
        wrong: type === 'float32' && data instanceof Int32Array,
      };
    });
    const sent = await this.#do<readonly Sent[]>('run', { network, inputs, ...(wanted ? { wanted } : {}) });
    return Object.fromEntries(sent.map(({ name, type, shape, url }) => [name, this.#received(type, shape, url)]));
  }

  #received(type: Tensor['type'], shape: readonly number[], url: string): Tensor {
    const { buffer, byteOffset, byteLength } = this.#server.take(url);
    const memory = buffer.slice(byteOffset, byteOffset + byteLength);
    const arrays = { float32: Float32Array, float16: Uint16Array, int64: BigInt64Array, int32: Int32Array };
    return {
      type,
      shape,
      data: new (arrays[type as keyof typeof arrays] ?? Uint8Array)(memory as ArrayBuffer) as never,
    };
  }
}
