// The words the rule builder has for fields and comparisons of the language of filters.
import type { FilterField } from '$api/filters';
import { WORDS } from './rules';

const LABELS: Record<string, string> = {
  words: 'Prompt', type: 'Type', model: 'Model', mode: 'Mode', liked: 'Liked', state: 'File', host: 'Host', source: 'Source', user: 'Account',
  date: 'Made', added: 'Added', size: 'Size', ratio: 'Shape', width: 'Width', height: 'Height', duration: 'Length', has: 'Has', missing: 'Lacks',
  rating: 'Rating', status: 'Status', tag: 'Tag', in: 'Collection', id: 'Post', parent: 'Parent',
  fault: 'Fault', verified: 'Proven', import: 'Import', 'same-prompt': 'Same prompt as',
};

const TEXT: FilterField = { name: WORDS, operators: ['=', '^'], help: 'words of the prompt', examples: ['soft 3D'], values: [], counted: false };

export function fieldOf(fields: readonly FilterField[], name: string): FilterField {
  return fields.find((field) => field.name === name) ?? (name === WORDS ? TEXT : { ...TEXT, name, operators: ['='], examples: [] });
}

export function fieldChoices(fields: readonly FilterField[]): { value: string; label: string }[] {
  return [TEXT, ...fields.filter((field) => field.name !== 'prompt')].map(({ name }) => ({ value: name, label: LABELS[name] ?? name }));
}

const OPERATORS: Record<string, string> = { '=': 'is', '^': 'begins with', '>': 'more than', '>=': 'at least', '<': 'less than', '<=': 'at most', '..': 'from … to' };
const OF_WORDS: Record<string, string> = { '=': 'has words', '^': 'word begins' };
const OF_DATES: Record<string, string> = { '=': 'is', '>': 'after', '>=': 'since', '<': 'before', '<=': 'until', '..': 'from … to' };

function wordsFor(field: FilterField): Record<string, string> {
  if (field.name === WORDS) return OF_WORDS;
  return field.name === 'date' || field.name === 'added' ? OF_DATES : OPERATORS;
}

/** Every comparison of a field, then the ones turned round. */
export function operatorChoices(field: FilterField): { value: string; label: string }[] {
  const words = wordsFor(field);
  const known = field.operators.filter((operator) => operator in words);
  const turned = known.filter((operator) => operator === '=' || operator === '^');
  const not = (label: string): string => (label === 'is' ? 'is not' : label === 'has words' ? 'lacks words' : `not: ${label}`);
  return [...known.map((value) => ({ value, label: words[value] ?? value })), ...turned.map((value) => ({ value: `!${value}`, label: not(words[value] ?? value) }))];
}

export function splitOperator(word: string): { operator: string; negated: boolean } {
  return word.startsWith('!') ? { operator: word.slice(1), negated: true } : { operator: word, negated: false };
}

/** Fields that offer values but take others as well. */
const OPEN: ReadonlySet<string> = new Set(['date', 'added', 'ratio', 'rating']);

/** True when a field takes what it offers and nothing else. */
export function isClosed(field: FilterField): boolean {
  return field.values.length > 0 && !OPEN.has(field.name);
}
