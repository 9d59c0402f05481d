/** What the test page does: the adapter for browsers, driven from outside. Tensors and graphs travel as bodies of requests. */
import { isRotokitError } from '@rotokit/core/values';
import { openWebInference } from '@rotokit/ort/web';

const opened = new Map();
const networks = new Map();
let next = 1;

const bytesOf = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

const ARRAYS = {
  float32: Float32Array,
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

async function received({ type, shape, url, wrong }) {
  const Type = wrong ? Int32Array : ARRAYS[type];
  return { type, shape, data: new Type((await bytesOf(url)).buffer) };
}

async function sent(name, { type, shape, data }) {
  const response = await fetch('/blob', {
    method: 'POST',
    body: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
  });
  return { name, type, shape: [...shape], url: await response.text() };
}

const remember = (map, value) => {
  map.set(next, value);
  return next++;
};

/** What has to come from the server before an action can be called. */
const fetched = {
  load: async ({ graph, weights }) => ({
    graph: await bytesOf(graph),
    files: await Promise.all(weights.map(async ({ location, url }) => ({ location, bytes: await bytesOf(url) }))),
  }),
  run: async ({ inputs }) =>
    Object.fromEntries(await Promise.all(inputs.map(async (t) => [t.name, await received(t)]))),
};

const actions = {
  async open(options) {
    const inference = await openWebInference({ ...options, assets: '/node_modules/onnxruntime-web/dist/' });
    return { id: remember(opened, inference), name: inference.name, provenance: inference.provenance };
  },
  async load({ inference, options }, { graph, files }) {
    const network = await opened.get(inference).load(graph, files, options);
    return { id: remember(networks, network), inputs: network.inputs, outputs: network.outputs };
  },
  async run({ network, wanted }, tensors) {
    const outputs = await networks.get(network).run(tensors, wanted);
    return Promise.all(Object.entries(outputs).map(([name, t]) => sent(name, t)));
  },
  closeNetwork: (id) => networks.get(id).close(),
  close: (id) => opened.get(id).close(),
};

let arrived = Promise.resolve();

/**
 * Does one thing and tells what came of it; what was thrown travels as data, so that its kind survives. Things are begun in the order they are asked for,
 * however long their bytes take.
 */
globalThis.drive = async ([action, argument]) => {
  const ready = arrived.then(() => fetched[action]?.(argument));
  const done = ready.then((bytes) => actions[action](argument, bytes));
  arrived = ready.catch(() => undefined);
  try {
    return { value: (await done) ?? null };
  } catch (e) {
    const { name, message } = e;
    return { thrown: isRotokitError(e) ? { name, message, code: e.code, facts: e.facts } : { name, message } };
  }
};
