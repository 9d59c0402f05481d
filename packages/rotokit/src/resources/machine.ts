import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { promisify } from 'node:util';
import type { HardwareFacts } from '@rotokit/core/resources';
import { wholeMemory } from './memory-probe.js';

/** What this machine has: cores and memory that this process may use. Accelerators are told by whoever can use them. */
export const machineFacts = (): HardwareFacts => ({ cores: availableParallelism(), memory: wholeMemory() });

/** The processor: its name and, where the system tells, the vector instructions that matter here. */
export async function processor(): Promise<{ readonly name: string; readonly instructions: readonly string[] }> {
  const name = cpus()[0]?.model.trim() || process.arch;
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const flags = new Set((/^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1] ?? '').split(' '));
  const known = ['sse4_2', 'avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'amx_tile', 'asimd', 'sve'];
  return { name, instructions: known.filter((k) => flags.has(k)) };
}

/** GPUs that NVIDIA's driver tells of; none where there is no such driver. Memory in bytes. */
export async function nvidiaGpus(): Promise<readonly { readonly name: string; readonly memory: number }[]> {
  const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'];
  const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 5000 }).catch(() => ({ stdout: '' }));
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(', '))
    .filter(([name, size]) => name && Number(size) > 0)
    .map(([name, size]) => ({ name: name as string, memory: Number(size) * 2 ** 20 }));
}
