import { describe, expect, it } from 'vitest';
import { ociLabels, withLines } from '../../src/image/labels.ts';

const facts = {
  eventName: 'push',
  ref: 'refs/tags/v1.2.3',
  sha: '90dd6032fac8bda1b6c4436a2e65de27961ed071',
  defaultBranch: 'main',
  now: new Date('2021-01-01T00:00:00Z'),
  commitDate: new Date('2020-01-10T00:30:00.000Z'),
};

const repository = {
  title: 'Hello-World',
  description: 'This your first repo!',
  url: 'https://github.com/octocat/Hello-World',
  source: 'https://github.com/octocat/Hello-World',
  version: '1.2.3',
  created: facts.commitDate,
  revision: facts.sha,
  licenses: 'MIT',
};

describe('labels', () => {
  it("are those of docker/metadata-action's example, by the names of the OCI specification", () => {
    const names = ['title', 'description', 'url', 'source', 'version', 'created', 'revision', 'licenses'];
    const labels = ociLabels(repository);
    expect([...labels.keys()]).toEqual(names.map((name) => `org.opencontainers.image.${name}`));
    expect(labels.get('org.opencontainers.image.created')).toBe('2020-01-10T00:30:00.000Z');
    expect(labels.get('org.opencontainers.image.revision')).toBe(facts.sha);
  });

  it('are left out where nothing is known, and are one line each', () => {
    const labels = ociLabels({ title: 'api', description: 'two\nlines', licenses: 'NOASSERTION', url: ' ' });
    expect(Object.fromEntries(labels)).toEqual({
      'org.opencontainers.image.title': 'api',
      'org.opencontainers.image.description': 'two lines',
    });
  });

  it('can be replaced, added and taken away by lines, with expressions', () => {
    const lines = [
      'org.opencontainers.image.title=Mine',
      'maintainer=a=b',
      'org.opencontainers.image.url=',
      "built={{commit_date 'YYYY-MM-DDTHH:mm:ss.SSS[Z]'}}",
      '# a comment',
    ];
    const labels = withLines(ociLabels(repository), lines, facts, 'labels');
    expect(labels.get('org.opencontainers.image.title')).toBe('Mine');
    expect(labels.get('maintainer')).toBe('a=b');
    expect(labels.get('built')).toBe('2020-01-10T00:30:00.000Z');
    expect(labels.has('org.opencontainers.image.url')).toBe(false);
  });

  it.each([['no equals sign'], ['=value'], ['a b=c'], ['x={{nothing}}']])('say what is wrong with %s', (line) => {
    expect(() => withLines(new Map(), [line], facts, 'annotations')).toThrow(
      expect.objectContaining({ code: 'PIPE-TAG-003', message: expect.stringContaining('`annotations`') }),
    );
  });
});
