// The part of the WebAssembly namespace that this package uses: neither ES2023 nor @types/node 20 declares it, and the
// DOM library would let browser globals slip into code that must run in Node and in workers.
declare namespace WebAssembly {
  class Module {
    private readonly brand;
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module, imports?: object);
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}
