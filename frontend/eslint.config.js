// The page's house rules that a machine can hold: sizes, who may import whom, and who may speak to the network.
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const upward = { group: ['../*', '..'], message: 'Write ./x or $api/x, never ../x.' };
const rooms = { group: ['**/rooms/**'], message: 'Rooms meet in actions/, state/ and the router.' };
const shell = { group: ['**/App.svelte', '**/shell/**'], message: 'Only main.ts and App.svelte know the shell.' };
const upper = { group: ['$api/*', '$state/*', '$actions/*', '**/router'], message: 'The kit is dumb: props in, events out.' };
const imports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const network = ['fetch', 'XMLHttpRequest', 'EventSource', 'WebSocket'].map((name) => ({
  name,
  message: 'Only api/ speaks to the server.',
}));

export default ts.config(
  { ignores: ['node_modules/'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', 50],
      complexity: ['error', 10],
      'no-restricted-globals': ['error', ...network],
      'no-undef': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'svelte/no-at-html-tags': 'error',
      // The policy of the page forbids style attributes; style: directives are set by script and are fine.
      'svelte/no-inline-styles': 'off',
      'no-restricted-syntax': ['error', { selector: 'SvelteAttribute[key.name="style"]', message: 'Use a class or style:name.' }],
      'svelte/prefer-svelte-reactivity': 'off',
      ...imports(upward),
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  { files: ['src/rooms/**'], rules: imports(upward, rooms, shell) },
  { files: ['src/state/**', 'src/actions/**'], rules: imports(upward, rooms, shell) },
  { files: ['src/kit/**'], rules: imports(upward, rooms, shell, upper) },
  { files: ['src/api/**'], rules: { ...imports(upward, rooms, shell, { group: ['$state/*', '$actions/*'] }), 'no-restricted-globals': 'off' } },
  { files: ['dev/**'], rules: { 'no-restricted-globals': 'off', complexity: ['error', 16] } },
  { files: ['**/*.test.ts'], rules: { 'max-lines-per-function': 'off' } },
);
