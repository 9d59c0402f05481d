import { bytesText, recommendHardware } from '@rotokit/core/resources';
import { machineFacts, nvidiaGpus, processor } from '../resources/machine.js';
import { processBudget, processMemory } from '../resources/memory-probe.js';
import { type Check, type Finding, fail, pass, warn } from './finding.js';

async function nodeVersion(): Promise<Finding> {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const what = `Node ${process.versions.node}, ${process.platform} ${process.arch}`;
  return major > 20 || (major === 20 && minor >= 19) ? pass(what) : fail(what, 'Install Node 20.19 or newer.');
}

async function hardware(): Promise<Finding> {
  const facts = machineFacts();
  const { name, instructions } = await processor();
  const gpus = (await nvidiaGpus()).map(
    (g) => `, ${g.name} with ${bytesText(g.memory)} (the engines here use the processor)`,
  );
  const vectors = instructions.length ? `, ${instructions.join(' ')}` : '';
  const what = `${name}, ${facts.cores} cores, ${bytesText(facts.memory)} of memory${vectors}${gpus.join('')}`;
  const slow = process.arch === 'x64' && instructions.length > 0 && !instructions.includes('avx2');
  return slow ? warn(what, 'Neural models need AVX2 to be quick; the embedded engine does not.') : pass(what);
}

/** A module with one function that returns a v128 constant: accepted only where WebAssembly SIMD is. */
const SIMD_PROBE = '0061736d010000000105016000017b030201000a0a0108004100fd0ffd620b';

async function simd(): Promise<Finding> {
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } };
  return wasm.validate(Buffer.from(SIMD_PROBE, 'hex'))
    ? pass('WebAssembly with SIMD')
    : fail('no WebAssembly SIMD', 'Install an official build of Node 20.19 or newer.');
}

/** What a 1080p clip takes, measured (docs/performance.md). */
const ONE_CLIP = 550e6;

async function memory(): Promise<Finding> {
  const budget = processBudget();
  const { resident, available, total } = processMemory().read();
  const what = `${bytesText(available)} of ${bytesText(total)} free, this process takes ${bytesText(resident)}`;
  const claim = await budget.claim('a trial', 1e6);
  claim.release();
  if (budget.canLoad(2 * total))
    return fail(what, 'The system does not tell how much memory there is: give --memory-limit.');
  return budget.canLoad(ONE_CLIP)
    ? pass(what)
    : warn(what, 'Close other programs: a 1080p clip takes about 550 MB. --hardware laptop takes less.');
}

async function preset(): Promise<Finding> {
  const { name, settings, reason } = recommendHardware(machineFacts());
  const { memoryLimit, features, decoded, ahead, threads } = settings;
  const sizes = `memory ${bytesText(memoryLimit)}, features ${bytesText(features)}, decoded frames ${bytesText(decoded)}`;
  const what = `--hardware ${name} is recommended (${reason}): ${sizes}, ${ahead} pictures ahead, ${threads} more thread(s)`;
  return pass(what);
}

/** Node, processor, memory, and the preset that fits them. */
export const MACHINE_CHECKS: readonly Check[] = [
  { name: 'node', run: nodeVersion },
  { name: 'hardware', run: hardware },
  { name: 'simd', run: simd },
  { name: 'memory', run: memory },
  { name: 'preset', run: preset },
];
