import { neededOutput } from './needed-outputs.ts';

/**
 * Rewrites contexts inside `${{ }}` (https://docs.github.com/actions/reference/evaluate-expressions-in-workflows):
 * what act does not know becomes a literal.
 */

/** Context paths in lower case with dots (`github.token`) to the text that stands for them. */
export type Substitutions = ReadonlyMap<string, string>;

const TOKEN = /'(?:[^']|'')*'|[A-Za-z_][\w-]*(?:\s*\.\s*[A-Za-z_*][\w-]*|\s*\[\s*'(?:[^']|'')*'\s*\])*|[\s\S]/g;

/** A text as an expression literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The text with contexts in its `${{ }}` parts replaced; everything outside stays. */
export function substitute(text: string, substitutions: Substitutions): string {
  return mapExpressions(text, (expression) => substituteBare(expression, substitutions));
}

/** The same for an expression without `${{ }}`, as an `if` may have. */
export function substituteBare(expression: string, substitutions: Substitutions): string {
  return expression.replace(TOKEN, (token) => {
    const known = substitutions.get(pathOf(token));
    return known === undefined ? (neededOutput(token) ?? token) : literal(known);
  });
}

/** `github['token']` and `GitHub.Token` as `github.token`. */
function pathOf(token: string): string {
  if (token.startsWith("'")) return '';
  return token
    .replaceAll(/\s*\[\s*'((?:[^']|'')*)'\s*\]/g, '.$1')
    .replaceAll(/\s/g, '')
    .toLowerCase();
}

/** True when the expression calls the function. */
export function calls(text: string, name: string): boolean {
  let found = false;
  mapExpressions(text, (expression) => {
    if (new RegExp(`\\b${name}\\s*\\(`, 'i').test(expression.replaceAll(/'(?:[^']|'')*'/g, "''"))) found = true;
    return expression;
  });
  return found;
}

/** Applies `transform` to what stands between `${{` and `}}`; an unclosed one is left alone. */
export function mapExpressions(text: string, transform: (expression: string) => string): string {
  let result = '';
  let position = 0;
  for (;;) {
    const start = text.indexOf('${{', position);
    const end = start === -1 ? -1 : closing(text, start + 3);
    if (end === -1) return result + text.slice(position);
    result += `${text.slice(position, start)}\${{${transform(text.slice(start + 3, end))}}}`;
    position = end + 2;
  }
}

/** Index of the `}}` that ends the expression, past quoted text; -1 when there is none. */
function closing(text: string, from: number): number {
  let quoted = false;
  for (let index = from; index < text.length; index++) {
    if (text[index] === "'") quoted = !quoted;
    else if (!quoted && text.startsWith('}}', index)) return index;
  }
  return -1;
}

/** A text with expressions in it as one expression, by `format`. */
export function asExpression(text: string): string {
  const whole = /^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(text);
  if (whole?.[1] !== undefined && closing(text.trimStart(), 3) === text.trim().length - 2) return whole[1].trim();
  const expressions: string[] = [];
  const format = mapExpressions(text, (expression) => {
    expressions.push(expression.trim());
    return '';
  });
  if (expressions.length === 0) return literal(text);
  const pieces = format.split('${{}}').map((piece) => piece.replaceAll('{', '{{').replaceAll('}', '}}'));
  const template = pieces.map((piece, index) => (index < expressions.length ? `${piece}{${index}}` : piece)).join('');
  return `format(${[literal(template), ...expressions].join(', ')})`;
}

/** A text that act must not take for an expression: kept as it is, or quoted inside one. */
export function inert(text: string): string {
  return text.includes('${{') ? `\${{ ${literal(text)} }}` : text;
}
