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

  test.each(['needs.a-b.outputs.c', "Needs['a'] . outputs['c d']"])(
    '%s is empty where its job has not set it',
    (output) => {
      const rewritten = `(!startsWith(${output}, vars.LOCAL_UNSET_OUTPUT) && ${output} || '')`;
      expect(substitute(`\${{ ${output} }}`, KNOWN)).toBe(`\${{ ${rewritten} }}`);
      expect(substituteBare(`f(${output}, 1)`, KNOWN)).toBe(`f(${rewritten}, 1)`);
    },
  );

  test.each(['needs.a.result', 'needs.a.outputs', 'needs.*.outputs.c', "'needs.a.outputs.c'", 'my.needs.a.outputs.c'])(
    '%s stays as it is',
    (other) => expect(substituteBare(other, KNOWN)).toBe(other),
  );

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
