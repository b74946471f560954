// Makes the thumbnails of a folder of pictures with sharp, as 8xSovia makes them: three heights, WebP, on all cores.
//
//     node bench_sharp.mjs FOLDER   (sharp is looked for in node_modules of the working folder); prints seconds as JSON
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const sharp = createRequire(join(process.cwd(), 'x.js'))('sharp');
const SIZES = [640, 320, 160];
const folder = process.argv[2];
const target = mkdtempSync(join(tmpdir(), 'sharp-'));
const left = readdirSync(folder, { recursive: true }).filter((name) => /\.(png|jpe?g)$/.test(name));
const pictures = left.length;
// One picture a core, as we do it.
sharp.concurrency(1);
sharp.cache(false);

async function thumbnails(name) {
  for (const height of SIZES) {
    const box = { width: Math.round(height * 2.5), height, fit: 'inside', withoutEnlargement: true };
    const made = sharp(join(folder, name)).rotate().resize(box).webp({ quality: 72, effort: 4 });
    await made.toFile(join(target, `${name.replaceAll('/', '-')}-${height}.webp`));
  }
}

const started = performance.now();
const workers = Array.from({ length: availableParallelism() }, async () => {
  for (let name = left.pop(); name; name = left.pop()) await thumbnails(name);
});
await Promise.all(workers);
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, pictures }));
rmSync(target, { recursive: true });
