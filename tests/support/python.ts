import { execFileSync, spawnSync } from 'node:child_process';
import { describe } from 'vitest';

/** Official Python packages that tests compare us with. They live in a virtual environment of their own: set ROTOKIT_PYTHON to its python. */
const PACKAGES = {
  OpenEXR: 'OpenEXR',
  OpenImageIO: 'OpenImageIO',
  opentimelineio: 'OpenTimelineIO',
  pycocotools: 'pycocotools',
  PyOpenColorIO: 'opencolorio',
} as const;

const interpreter = process.env.ROTOKIT_PYTHON ?? 'python3';
const found = new Map<string, boolean>();

/** Whether a module can be imported. */
function has(module: string): boolean {
  if (!found.has(module)) found.set(module, spawnSync(interpreter, ['-c', `import ${module}`]).status === 0);
  return found.get(module) as boolean;
}

/** Runs a program and gives what it printed as JSON. */
export type RunPython = (program: string, ...args: readonly string[]) => unknown;

/** Tests that need an official Python package: skipped, with how to get it in the title, where it is not installed. */
export function describeWithPython(module: keyof typeof PACKAGES, title: string, body: (run: RunPython) => void): void {
  const run: RunPython = (program, ...args) =>
    JSON.parse(execFileSync(interpreter, ['-c', program, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }));
  if (has(module)) describe(title, () => body(run));
  else
    describe.skip(`${title} [needs ${module}: pip install ${PACKAGES[module]}, ROTOKIT_PYTHON names the python]`, () =>
      body(run));
}
