import type { Alert, AlertingRule } from './rules.ts';

/** By what a rule names a service; `name` when the caller named the rule. */
export type Naming = 'name' | 'label' | 'expression' | 'annotation';

/** Whose rules are looked for. */
export interface Wanted {
  /** Empty only where `rules` names them. */
  readonly service: string;
  /** Label that tells services apart. */
  readonly label: string;
  /** Names of rules; undefined when the rules have to name the service themselves. */
  readonly rules: readonly string[] | undefined;
}

/**
 * By what a rule names the service, the first of these that it does: the caller names the rule (then nothing else
 * counts); one of its labels has the service's name as its value; its expression selects by it (`service="api"`, or
 * `=~` with a pattern that matches the whole name; `!=` and `!~` do not count); an annotation has it as a word.
 *
 * @returns undefined when the rule is not about the service
 */
export function namingOf(rule: AlertingRule, { service, rules }: Wanted): Naming | undefined {
  if (rules !== undefined) return rules.includes(rule.name) ? 'name' : undefined;
  if (Object.values(rule.labels).includes(service)) return 'label';
  if (selectors(rule.expression).some((selector) => selects(selector, service))) return 'expression';
  return Object.values(rule.annotations).some((text) => hasWord(text, service)) ? 'annotation' : undefined;
}

/**
 * Whether an alert of a rule that names the service is about it: a rule can be about several. One that carries the label
 * by which services are told apart, or by which the rule selects this one, with another value is another's. Where no
 * service is given every alert counts.
 */
export function isOf({ labels }: Alert, rule: AlertingRule, { service, label }: Wanted): boolean {
  // Rules that the caller names, for a run without a service.
  if (service === '') return true;
  const telling = selectors(rule.expression)
    .filter((selector) => selects(selector, service))
    .map(({ name }) => name);
  return [label, ...telling].every((name) => !Object.hasOwn(labels, name) || labels[name] === service);
}

interface Selector {
  readonly name: string;
  readonly operator: string;
  readonly value: string;
}

/** `name="value"` with any of PromQL's operators and quotes, where it stands in braces or after a comma. */
const SELECTOR = /([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`)/g;

function selectors(expression: string): readonly Selector[] {
  return [...expression.matchAll(SELECTOR)].map(([, name = '', operator = '', double, single, raw]) => {
    const value = raw ?? (double ?? single ?? '').replace(/\\(.)/g, '$1');
    return { name, operator, value };
  });
}

function selects({ operator, value }: Selector, service: string): boolean {
  if (operator === '=') return value === service;
  // A pattern is foreign: only alternatives of plain names are read, nothing is run.
  return operator === '=~' && alternatives(value).includes(service);
}

/** The names in `api|web`, `(api|web)` and `^api$`; other patterns name nobody in particular. */
function alternatives(pattern: string): readonly string[] {
  const inner = pattern
    .replace(/^\^/, '')
    .replace(/\$$/, '')
    .replace(/^\((?:\?:)?([^()]*)\)$/, '$1');
  return /^[\w\s.|-]*$/.test(inner) ? inner.split('|') : [];
}

function hasWord(text: string, word: string): boolean {
  const isPart = (character: string | undefined) => character !== undefined && /[\w-]/.test(character);
  for (let at = text.indexOf(word); at !== -1 && word !== ''; at = text.indexOf(word, at + 1)) {
    if (!isPart(text[at - 1]) && !isPart(text[at + word.length])) return true;
  }
  return false;
}
