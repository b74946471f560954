// A filter as rules in groups, as people build them, and the same as a document; pure, nothing is lost either way.
import type { FilterDocument, FilterNode } from '$api/filters';
import { quoted } from '$state/filter';

export type Mode = 'all' | 'any' | 'none';

export interface Rule {
  id: number;
  kind: 'rule';
  /** A field of the language, or `words`. */
  field: string;
  operator: string;
  values: string[];
  negated: boolean;
}

export interface Group {
  id: number;
  kind: 'group';
  mode: Mode;
  parts: Part[];
}

export type Part = Rule | Group;

export const WORDS = 'words';
let count = 0;
const next = (): number => (count += 1);

export function rule(field: string, operator: string, values: string[] = [], negated = false): Rule {
  return { id: next(), kind: 'rule', field, operator, values, negated };
}

export function group(mode: Mode, parts: Part[] = []): Group {
  return { id: next(), kind: 'group', mode, parts };
}

function fromNode(node: FilterNode, negated = false): Part {
  switch (node.is) {
    case 'text': return rule(WORDS, '=', [node.text], negated);
    case 'prefix': return rule(WORDS, '^', [node.text], negated);
    case 'field': return rule(node.field, node.operator, [...node.values], negated);
    case 'not': return fromNot(node.of, negated);
    default: return fromMany(node, negated);
  }
}

function fromNot(inner: FilterNode, negated: boolean): Part {
  if (negated) return group('none', [fromNode({ is: 'not', of: inner })]);
  return fromNode(inner, true);
}

function fromMany(node: Extract<FilterNode, { is: 'all' | 'any' }>, negated: boolean): Part {
  const parts = node.of.map((part) => fromNode(part));
  if (!negated) return group(node.is, parts);
  // "None of these" is "not any of these"; "not all of these" keeps its inner group.
  return node.is === 'any' ? group('none', parts) : group('none', [group('all', parts)]);
}

/** The outer group of a document. */
export function groupOf(document: FilterDocument): Group {
  const { filter } = document;
  if (filter === null) return group('all');
  const part = fromNode(filter);
  return part.kind === 'group' ? part : group('all', [part]);
}

function ruleNode(one: Rule): FilterNode | null {
  const values = one.values.map((value) => value.trim()).filter(Boolean);
  if (values.length === 0 || (one.operator === '..' && one.values.length !== 2)) return null;
  const node: FilterNode = one.field === WORDS ? wordsNode(one, values) : { is: 'field', field: one.field, operator: one.operator, values };
  return one.negated ? { is: 'not', of: node } : node;
}

function wordsNode(one: Rule, values: string[]): FilterNode {
  const is = one.operator === '^' ? 'prefix' : 'text';
  const words = values.map((text): FilterNode => ({ is, text }));
  return words.length === 1 ? (words[0] as FilterNode) : { is: 'all', of: words };
}

function partNode(part: Part): FilterNode | null {
  if (part.kind === 'rule') return ruleNode(part);
  const inner = part.parts.map(partNode).filter((node) => node !== null);
  const [only] = inner;
  if (!only) return null;
  if (part.mode === 'none') return { is: 'not', of: inner.length === 1 ? only : { is: 'any', of: inner } };
  return inner.length === 1 ? only : { is: part.mode, of: inner };
}

/** The document of a group; what is not filled in yet is left out. */
export function documentOf(outer: Group): FilterDocument {
  return { version: 1, filter: partNode(outer) };
}

function valueWords(one: Rule): string {
  const values = one.values.map((value) => quoted(value.trim()));
  if (one.operator === '..') return values.join('..');
  if (one.operator === '^') return `${values[0] ?? ''}*`;
  return (one.operator === '=' ? '' : one.operator) + values.join(',');
}

/** A rule as text, as the server writes it, to find its count among the explained ones. */
export function ruleText(one: Rule): string {
  const minus = one.negated ? '-' : '';
  if (one.field !== WORDS) return `${minus}${one.field}:${valueWords(one)}`;
  return minus + one.values.map((value) => quoted(value.trim()) + (one.operator === '^' ? '*' : '')).join(' ');
}

/** Drops a part wherever it is; a group that is left empty goes too. */
export function dropped(outer: Group, id: number): Group {
  const parts = outer.parts.filter((part) => part.id !== id).map((part) => (part.kind === 'group' ? dropped(part, id) : part));
  return { ...outer, parts: parts.filter((part) => part.kind === 'rule' || part.parts.length > 0) };
}
