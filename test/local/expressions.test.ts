import { describe, expect, test } from 'vitest';
import { asExpression, inert, literal, substitute, substituteBare } from '../../src/local/expressions.ts';

const KNOWN = new Map([
  ['github.token', "it's"],
  ['secrets.github_token', 'T'],
]);

describe('contexts in expressions', () => {
  test.each([
    ['${{ github.token }}', "${{ 'it''s' }}"],
    ["${{ github['token'] }}", "${{ 'it''s' }}"],
    ['x ${{ Secrets.GITHUB_TOKEN }} y ${{ github.tokens }}', "x ${{ 'T' }} y ${{ github.tokens }}"],
    ["${{ format('{0} github.token }}', github.token) }}", "${{ format('{0} github.token }}', 'it''s') }}"],
    ['github.token', 'github.token'],
    ['${{ github.token', '${{ github.token'],
    ['${{ my.github.token || github.token.length }}', '${{ my.github.token || github.token.length }}'],
  ])('%s becomes %s', (before, after) => {
    expect(substitute(before, KNOWN)).toBe(after);
  });

  test('are replaced in a condition without braces', () => {
    expect(substituteBare("github.token != '' && always()", KNOWN)).toBe("'it''s' != '' && always()");
  });

  test.each([
    ['${{ jobs.a.outputs.x }}', 'jobs.a.outputs.x'],
    ['plain', "'plain'"],
    ["it's {${{ a }}} and ${{ b }}", "format('it''s {{{0}}} and {1}', a, b)"],
    ["${{ a }}${{ '}}' }}", "format('{0}{1}', a, '}}')"],
  ])('%s as one expression is %s', (text, expression) => {
    expect(asExpression(text)).toBe(expression);
  });

  test('a text that looks like an expression stays a text', () => {
    expect(inert('a ${{ b }}')).toBe("${{ 'a ${{ b }}' }}");
    expect(inert("it's")).toBe("it's");
    expect(literal("it's")).toBe("'it''s'");
  });
});
