import type { Inference, LoadOptions, Network, Tensors, WeightFile } from '@rotokit/core/ports';
import { isRotokitError, RotokitError, reasonOf } from '@rotokit/core/values';
import { checkInputs, checkWanted } from './check-tensors.js';
import type { Runtime, Session } from './runtime.js';

/**
 * The port `Inference` over a runtime: checks what callers hand in, lets one thing happen at a time (ONNX Runtime in a
 * browser refuses overlapping runs, in Node they would share the same threads), and closes in order.
 */
export function inferenceOver(runtime: Runtime): Inference {
  const networks = new Set<Network>();
  let last: Promise<unknown> = Promise.resolve();
  let closed: Promise<void> | undefined;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    name: runtime.name,
    provenance: runtime.provenance,
    async load(graph: Uint8Array, weights: readonly WeightFile[], options: LoadOptions = {}) {
      if (closed) throw new TypeError(`${runtime.name} is closed`);
      const session = await inTurn(() => runtime.create(graph, weights, options)).catch((e: unknown) => {
        if (isRotokitError(e) || e instanceof TypeError || e instanceof RangeError) throw e;
        throw new RotokitError('INFERENCE_REFUSED', { runtime: runtime.name, reason: reasonOf(e) }, e);
      });
      const network = networkOver(runtime.name, session, inTurn, () => networks.delete(network));
      networks.add(network);
      if (closed) {
        await network.close();
        throw new TypeError(`${runtime.name} was closed while it opened a network`);
      }
      return network;
    },
    close() {
      closed ??= (async () => {
        await Promise.all([...networks].map((n) => n.close()));
        await inTurn(() => runtime.close());
      })();
      return closed;
    },
  };
}

type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

function networkOver(runtime: string, session: Session, inTurn: InTurn, forget: () => void): Network {
  let closed: Promise<void> | undefined;
  return {
    inputs: session.inputs,
    outputs: session.outputs,
    async run(inputs: Tensors, wanted?: readonly string[]) {
      if (closed) throw new TypeError('the network is closed');
      checkInputs(session.inputs, inputs);
      const names = checkWanted(session.outputs, wanted);
      return inTurn(() => session.run(inputs, names)).catch((e: unknown) => {
        if (isRotokitError(e)) throw e;
        throw new RotokitError('INFERENCE_FAILED', { runtime, reason: reasonOf(e) }, e);
      });
    },
    close() {
      closed ??= inTurn(() => session.release()).finally(forget);
      return closed;
    },
  };
}
