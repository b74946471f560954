// How Svelte compiles the page: runes everywhere, styles left to Vite so that they end up in the built file.
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true, css: 'external' },
};
