import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stackGraph } from '@rotokit/core/contracts/onnx-samples';
import { expect, it } from 'vitest';
import { scratchFolder } from './support/files.js';

const PROGRAM = `
import { readFile } from 'node:fs/promises';
import { openNodeInference } from ${JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '../dist/node/index.js')).href)};
const [graph, bytes] = await Promise.all(process.argv.slice(2).map((path) => readFile(path)));
const ort = await openNodeInference({ threads: 1 });
const network = await ort.load(graph, [{ location: 'w', bytes }]);
const { y } = await network.run({ x: { type: 'float32', shape: [1, 4], data: new Float32Array(4) } });
await ort.close();
console.log(y.data.length);
`;

it('leaves no identifier, queue or log of ONNX Runtime in the home and temporary folders', async () => {
  const [given, home] = [await scratchFolder(), await scratchFolder()];
  const [graph, weights] = [join(given, 'graph.onnx'), join(given, 'weights')];
  writeFileSync(graph, stackGraph('w', 1, 4));
  writeFileSync(weights, new Uint8Array(4 * 4 * 4));
  const { ORT_DISABLE_TELEMETRY: _, ...rest } = process.env;
  const env = { ...rest, HOME: home, TMPDIR: home, XDG_CACHE_HOME: home, CI: '' };
  const program = join(given, 'program.mjs');
  writeFileSync(program, PROGRAM);
  const { stdout, stderr } = spawnSync(process.execPath, [program, graph, weights], { encoding: 'utf8', env });
  expect(stdout, stderr).toBe('4\n');
  expect(readdirSync(home, { recursive: true })).toEqual([]);
});
