import { expect, test } from 'vitest';
import { needsKind } from '../../src/report/needs.ts';
import { Refused } from '../../src/runtime/kinds.ts';

const read = (text: string) => needsKind().fromText(text, { workspace: '/' });

test('reads jobs with results and outputs in their order', async () => {
  const needs = await read('{"z": {"result": "success", "outputs": {"plan": "{}"}}, "a": {"result": "skipped"}}');
  expect([...needs.keys()]).toEqual(['z', 'a']);
  expect(needs.get('z')).toEqual({ name: 'z', result: 'success', outputs: new Map([['plan', '{}']]) });
  expect(needs.get('a')?.outputs.size).toBe(0);
});

test.each([
  ['nothing to need', '{}', 'holds no job'],
  ['no JSON', 'needs.check', 'instead of JSON'],
  ['a list', '["check"]', 'instead of a map'],
  ['null', 'null', 'instead of a map'],
  ['an unknown result', '{"check": {"result": "SUCCESS", "outputs": {}}}', 'success, failure, cancelled, skipped'],
  ['no result', '{"check": {}}', 'needs.check.result'],
  ['outputs that are no texts', '{"check": {"result": "success", "outputs": {"plan": {"a": 1}}}}', 'outputs.plan'],
  ['a job name that is none', '{"a b": {"result": "success"}}', 'the name "a b"'],
  ['the prototype as a job', '{"__proto__ x": {"result": "success"}}', 'the name'],
  ['a deep nest', `${'['.repeat(50_000)}`, 'instead of JSON'],
])('refuses %s and says what is expected', (_name, text, said) => {
  expect(() => needsKind().fromText(text, { workspace: '/' })).toThrow(Refused);
  try {
    needsKind().fromText(text, { workspace: '/' });
  } catch (error) {
    const [refusal] = error instanceof Refused ? error.refusals : [];
    expect(refusal?.given).toContain(said);
    expect(refusal?.given.length).toBeLessThan(200);
    expect(refusal?.example).toBe('${{ toJSON(needs) }}');
  }
});

test('treats a job that is called like a member of every object as a job', async () => {
  const needs = await read('{"constructor": {"result": "failure", "outputs": {"toString": "x"}}}');
  expect(needs.get('constructor')?.result).toBe('failure');
});
