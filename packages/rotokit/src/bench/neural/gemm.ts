import type { Inference, Network, Tensors } from '@rotokit/core/ports';
import { anyWeights, GraphBuilder, toOnnx } from '@rotokit/graph';
import { randomTensor } from '@rotokit/models';
import { floats } from './inputs.js';
import { GEMM } from './wire.js';

/** Products in a row with only their largest numbers handed over: the product is timed, not the copying of its result. See `GEMM`. */
export async function openGemm(ort: Inference, prepack: boolean): Promise<Network> {
  const g = new GraphBuilder(anyWeights);
  const w = g.constant(randomTensor('w', [GEMM.width, GEMM.width]), [GEMM.width, GEMM.width]);
  let y = g.input('x', [GEMM.rows, GEMM.width]);
  for (let i = 0; i < GEMM.times; i++) y = g.linear(y, w);
  g.output('y', g.reduce('max', y, 1));
  return ort.load(toOnnx(g.build('gemm'), { tensors: new Map(), location: '' }), [], { prepack });
}

/** What it takes. */
export const gemmInputs = (): Tensors => ({
  x: floats(randomTensor('input.x', [GEMM.rows, GEMM.width]), GEMM.rows, GEMM.width),
});
