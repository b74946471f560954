// Builds the page into one readable file, ../index.html, and stamps it with a hash of its sources.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';
import { build as bundle } from 'vite';
import { defineConfig } from 'vitest/config';

const here = import.meta.dirname;
const built = join(here, 'node_modules', '.page');
const topFiles = ['index.html', 'package.json', 'package-lock.json', 'svelte.config.js', 'tsconfig.json', 'vite.config.ts'];

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/* The stamp, so that it can be recomputed without Node:
   - paths: the six files of `topFiles` and every file under src/ whose name does not end in ".test.ts",
     written relative to frontend/ with "/" between folders, sorted by their UTF-8 bytes;
   - the hash: sha256 over, for each path in that order, the path in UTF-8, one zero byte, the file's bytes with
     CRLF turned into LF, one zero byte;
   - written as `<meta name="sources" content="sha256:` and 64 lower-case hex digits. */
export function stampOfSources(root: string): string {
  const found = filesUnder(join(root, 'src')).map((path) => relative(root, path).split(sep).join('/'));
  const paths = [...topFiles, ...found.filter((path) => !path.endsWith('.test.ts'))];
  paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const hash = createHash('sha256');
  for (const path of paths) {
    const text = readFileSync(join(root, path), 'latin1').replaceAll('\r\n', '\n');
    hash.update(path, 'utf8').update('\0').update(text, 'latin1').update('\0');
  }
  return `sha256:${hash.digest('hex')}`;
}

function stampPage(): Plugin {
  return {
    name: 'stamp-page',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { name: 'sources', content: stampOfSources(here) }, injectTo: 'head' },
    ],
  };
}

/** Builds first.ts into a script of its own, at the top of the page. */
function firstScript(): Plugin {
  return {
    name: 'first-script',
    transformIndexHtml: {
      order: 'post',
      async handler(html) {
        const built = await bundle({
          configFile: false,
          logLevel: 'warn',
          resolve: { alias },
          build: {
            write: false, minify: false, target: 'es2022',
            lib: { entry: join(here, 'src', 'first.ts'), formats: ['iife'], name: 'first' },
          },
        });
        const [output] = Array.isArray(built) ? built : [built];
        const code = output && 'output' in output ? output.output[0].code : '';
        return html.replace('<!-- first -->', () => `<script>\n${code}    </script>`);
      },
    },
  };
}

/** Puts the page's script last, and leaves it to first.ts to start it: reading it takes longer than the first picture. */
function scriptLast(html: string): string {
  const [all, code] = /<script type="module"[^>]*>([\s\S]*?)<\/script>\n?/.exec(html) ?? ['', ''];
  const held = `<script type="text/plain" id="page">${code}</script>\n`;
  return html.replace(all, () => '').replace('</body>', () => `${held}  </body>`);
}

/** Vite refuses a folder above its own as output, so the finished file is moved there in one step. */
function placePage(): Plugin {
  return {
    name: 'place-page',
    apply: 'build',
    closeBundle() {
      const target = join(here, '..', 'index.html');
      writeFileSync(`${target}.part`, scriptLast(readFileSync(join(built, 'index.html'), 'utf8')));
      renameSync(`${target}.part`, target);
    },
  };
}

const folder = (name: string): string => join(here, 'src', name);

const alias = { $api: folder('api'), $kit: folder('kit'), $actions: folder('actions'), $state: folder('state') };

export default defineConfig({
  root: here,
  plugins: [svelte(), firstScript(), viteSingleFile(), stampPage(), placePage()],
  resolve: {
    alias,
    // The tests run in Node but must get Svelte's browser build.
    ...(process.env['VITEST'] ? { conditions: ['browser'] } : {}),
  },
  build: { outDir: built, emptyOutDir: true, minify: false, cssMinify: false, target: 'es2022', modulePreload: false },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/api', '/derived', '/media', '/health'].map((path) => [path, process.env['SERVER'] ?? 'http://127.0.0.1:8000']),
    ),
  },
  test: { include: ['src/**/*.test.ts'], environment: 'happy-dom', restoreMocks: true },
});
