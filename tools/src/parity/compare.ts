import type { Inference, Network, Tensor, Tensors } from '@rotokit/core/ports';
import { type Graph, weightsOf, withTaps } from '@rotokit/graph';
import { fastGraph, type Part, paperGraph, type VideoModelConfig } from '@rotokit/models';
import { attendCase, type Case, casesOf } from './cases.js';
import { load, type RandomFile } from './networks.js';
import { difference, type Recorded } from './recorded.js';

/** What a comparison came to. */
export interface Comparison {
  /** Largest difference by case and name, relative to the root mean square of the recorded values. */
  readonly differences: ReadonlyMap<string, number>;
  /** Recorded results that nothing of ours answers to. */
  readonly missing: readonly string[];
}

/** Runs every case and compares outputs and, in the graphs as the paper has them, every tapped intermediate. */
export async function compare(
  ort: Inference,
  config: VideoModelConfig,
  file: RandomFile,
  recorded: ReadonlyMap<string, Recorded>,
  form: 'paper' | 'fast',
  encoderOnly = false,
): Promise<Comparison> {
  const index = weightsOf(file.header);
  const networks = new Map<Part, Network>();
  const network = async (part: Part) => {
    const graph: Graph = form === 'paper' ? paperGraph(part, config, index) : fastGraph(part, config, index);
    const known = networks.get(part);
    if (known) return known;
    const made = await load(ort, withTaps(graph, form === 'paper' ? graph.taps.keys() : []), file);
    networks.set(part, made);
    return made;
  };
  const differences = new Map<string, number>();
  const run = async ({ name, part, inputs }: Case): Promise<Tensors> => {
    const outputs = await (await network(part)).run(inputs);
    for (const [key, tensor] of Object.entries(outputs)) {
      for (const full of [`${name}/out:${key}`, `${name}/${key}`]) {
        const expected = recorded.get(full);
        const d = expected && difference(expected, tensor as Tensor<'float32'>);
        if (d !== undefined) differences.set(full, d);
      }
    }
    return outputs;
  };
  for (const c of casesOf(config)) {
    if (encoderOnly && c.part !== 'encode') continue;
    const outputs = await run(c);
    if (c.part === 'orient') await run(attendCase(config, outputs.oriented!));
  }
  for (const n of networks.values()) await n.close();
  return { differences, missing: [...recorded.keys()].filter((key) => !differences.has(key)) };
}
