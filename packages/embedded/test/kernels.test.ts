import { describe, expect, it } from 'vitest';
import { flowWasm } from '../src/kernels/generated/flow-wasm.js';

/** Occurrences of an instruction of the vector extension (prefix 0xfd, then the operation as LEB128). */
function count(wasm: Uint8Array, operation: number): number {
  const code = [0xfd, ...(operation < 128 ? [operation] : [(operation & 127) | 128, operation >> 7])];
  let found = 0;
  for (let i = 0; i + code.length <= wasm.length; i++) if (code.every((byte, k) => wasm[i + k] === byte)) found++;
  return found;
}

const [F32X4_ADD, F32X4_MUL] = [0xe4, 0xe6];

describe('the compiled kernels', () => {
  it.each([['flow', flowWasm]])('of %s hold vector instructions', (_, base64) => {
    const wasm = Uint8Array.from(Buffer.from(base64, 'base64'));
    expect(count(wasm, F32X4_ADD)).toBeGreaterThan(20);
    expect(count(wasm, F32X4_MUL)).toBeGreaterThan(20);
  });
});
