// Builds what the sources of this package import but git does not hold: each kernel of assembly/ compiled to
// WebAssembly, the flow worker as one script, the trained weights. All three become TypeScript modules with text in
// them, so that the package needs no file access and works in Node, in workers and in browsers.
//
//   node packages/embedded/build-wasm.mjs [--force]
//
// A kernel is compiled only when its sources, this script or the compiler changed (by content, not by date).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const force = process.argv.includes('--force');

/** assembly/<name>/index.ts -> src/kernels/generated/<name>-wasm.ts, and the constant it exports. */
const kernels = readdirSync(path.join(here, 'assembly'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(path.join(here, 'assembly', entry.name, 'index.ts')))
  .map((entry) => entry.name);

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function digest(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 24);
}

/** Writes through a temporary name, so that a build beside this one never reads half a file. Unchanged files stay. */
function write(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
  return true;
}

async function compile(name) {
  const { default: asc } = await import('assemblyscript/asc');
  const outputs = new Map();
  const messages = [];
  const sink = { write: (text) => messages.push(String(text)) };
  const { error } = await asc.main(
    [`assembly/${name}/index.ts`, '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'].concat([
      '--outFile',
      'kernel.wasm',
      '--textFile',
      'kernel.wat',
    ]),
    {
      stdout: sink,
      stderr: sink,
      readFile: (file, base) => {
        const full = path.resolve(here, base, file);
        return existsSync(full) ? readFileSync(full, 'utf8') : null;
      },
      writeFile: (file, contents) => void outputs.set(file, contents),
      listFiles: (folder, base) => readdirSync(path.resolve(here, base, folder)),
    },
  );
  const said = messages.join('').trim();
  if (error) throw new Error(`the kernel assembly/${name} does not compile:\n${said || error.message}`);
  if (said) process.stderr.write(`${said}\n`);
  const vectorOperations = outputs.get('kernel.wat').match(/\b(?:v128|[if]\d+x\d+)\.\w+/g)?.length ?? 0;
  if (vectorOperations === 0) {
    throw new Error(`the kernel assembly/${name} has no vector instruction: it must be built with --enable simd`);
  }
  return { wasm: Buffer.from(outputs.get('kernel.wasm')), vectorOperations };
}

async function buildKernel(name, common) {
  const target = path.join(here, 'src/kernels/generated', `${name}-wasm.ts`);
  const shared = path.join(here, 'assembly/shared');
  const sources = [...(existsSync(shared) ? filesUnder(shared) : []), ...filesUnder(path.join(here, 'assembly', name))];
  const stamp = digest([...common, ...sources.flatMap((file) => [path.relative(here, file), readFileSync(file)])]);
  if (!force && existsSync(target) && readFileSync(target, 'utf8').includes(`// ${stamp}\n`)) return;
  const { wasm, vectorOperations } = await compile(name);
  const text = `// ${stamp}
// Made by build-wasm.mjs from assembly/${name}: ${wasm.length} bytes, ${vectorOperations} vector operations.

/** The compiled kernel \`${name}\` in base64. */
export const ${name}Wasm: string =
  '${wasm.toString('base64')}';
`;
  write(target, text);
  process.stdout.write(`${name}: ${wasm.length} bytes, ${vectorOperations} vector operations\n`);
}

/** src/flow/worker.ts and what it imports, as the text of one classic script. */
async function buildWorker() {
  const entry = path.join(here, 'src/flow/worker.ts');
  if (!existsSync(entry)) return;
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    legalComments: 'none',
  });
  const text = `// Made by build-wasm.mjs from src/flow/worker.ts.

/** The flow worker as the text of one script. */
export const flowWorkerSource: string =
  ${JSON.stringify(result.outputFiles[0].text)};
`;
  if (write(path.join(here, 'src/flow/generated/worker-source.ts'), text))
    process.stdout.write('flow worker bundled\n');
}

/** weights/fusion.rfus and weights/click.rfus; `undefined` for one that is not there. */
function embedWeights() {
  const constants = ['fusion', 'click'].map((name) => {
    const file = path.join(here, 'weights', `${name}.rfus`);
    const value = existsSync(file) ? `\n  '${readFileSync(file).toString('base64')}'` : ' undefined';
    return `/** The trained weights of the ${name} network in base64, or undefined where there are none. */
export const ${name}Weights: string | undefined =${value};
`;
  });
  const text = `// Made by build-wasm.mjs from weights/.\n\n${constants.join('\n')}`;
  if (write(path.join(here, 'src/fusion/generated/weights.ts'), text)) process.stdout.write('weights embedded\n');
}

try {
  const require = (await import('node:module')).createRequire(import.meta.url);
  const compiler = JSON.parse(readFileSync(require.resolve('assemblyscript/package.json'), 'utf8')).version;
  const common = [compiler, readFileSync(fileURLToPath(import.meta.url))];
  for (const name of kernels) await buildKernel(name, common);
  await buildWorker();
  embedWeights();
} catch (error) {
  process.stderr.write(`build-wasm: ${error.message}\n`);
  process.exitCode = 1;
}
