// Bundles the page into dist/page: one script, one sheet, nothing fetched from elsewhere.
import { copyFile, mkdir } from 'node:fs/promises';
import { build } from 'esbuild';

const here = (path) => new URL(path, import.meta.url).pathname;
await mkdir(here('dist/page'), { recursive: true });
await build({
  entryPoints: [
    { in: here('src/main.tsx'), out: 'studio' },
    { in: here('src/studio.css'), out: 'studio' },
  ],
  outdir: here('dist/page'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome120', 'firefox121', 'safari17.4'],
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'linked',
  logLevel: 'warning',
});
for (const name of ['index.html', 'icon.svg']) await copyFile(here(`src/${name}`), here(`dist/page/${name}`));
