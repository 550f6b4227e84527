import { describe, expect, it } from 'vitest';
import { failureOf } from '../../src/image/build-failure.ts';
import { parseInspection } from '../../src/image/builder.ts';
import { chooseCache } from '../../src/image/cache.ts';
import { checkDeployable } from '../../src/image/deployable.ts';
import { foreignPlatforms } from '../../src/image/emulation.ts';
import { followProgress } from '../../src/image/progress.ts';
import { looksLikeCredential } from '../../src/image/refuse-secrets.ts';

describe('the cache is', () => {
  const facts = {
    wanted: 'auto',
    noCache: false,
    push: true,
    reference: 'ghcr.io/acme/api',
    hasActions: true,
    scope: 'api',
  } as const;

  it("the registry's for what is pushed, also where GitHub's could be reached", () => {
    expect(chooseCache(facts)).toEqual({
      kind: 'registry',
      from: ['type=registry,ref=ghcr.io/acme/api-cache'],
      to: [
        'type=registry,ref=ghcr.io/acme/api-cache,mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true',
      ],
    });
  });

  it.for([
    ["GitHub's on a pull request", { push: false }, 'gha', 1, 1],
    [
      "the registry's, read and not written, where GitHub's is not there",
      { push: false, hasActions: false },
      'registry',
      1,
      0,
    ],
    ['none without either', { push: false, hasActions: false, reference: undefined }, 'none', 0, 0],
    ['written and not read with no-cache', { noCache: true }, 'registry', 0, 1],
    ['none when it is off', { wanted: 'off' }, 'none', 0, 0],
    ["GitHub's for a push that asks for it", { wanted: 'gha' }, 'gha', 1, 1],
  ] as const)('%s', ([, changes, kind, from, to]) => {
    const choice = chooseCache({ ...facts, ...changes });
    expect([choice.kind, choice.from.length, choice.to.length]).toEqual([kind, from, to]);
  });
});

describe('a registry can be deployed from', () => {
  it.for([
    ['europe-west1-docker.pkg.dev/p/r', 'cloud-run', true, true],
    ['ghcr.io/acme', 'cloud-run', false, true],
    ['ghcr.io/acme', 'cloud-run', true, false],
    ['registry.example.com/acme', 'cloud-run', false, false],
    ['ghcr.io/acme', 'none', true, true],
    ['', 'cloud-run', true, true],
  ] as const)('%s to %s, private: %s? %s', ([registry, target, isPrivate, can]) => {
    const check = () => checkDeployable(registry, target, isPrivate);
    if (can) check();
    else expect(check).toThrow('PIPE-IMAGE-005');
  });
});

it.for([
  ...(
    [
      'NPM_TOKEN',
      'npmToken',
      'DB_PASSWORD',
      'api-key',
      'AWS_SECRET_ACCESS_KEY',
      'SENTRY_AUTH_TOKEN',
      'GITHUB_PAT',
      'SESSION_SECRET',
      'SSH_PRIVATE_KEY',
      'SENTRY_DSN',
    ] as const
  ).map((name) => [name, true] as const),
  ...(
    [
      'VERSION',
      'NODE_ENV',
      'NEXT_PUBLIC_API_KEY',
      'VITE_TOKEN',
      'TOKEN_URL',
      'SECRET_NAME',
      'PATH',
      'KEYBOARD',
      'MONKEY',
      'CACHE_KEY',
      'AUTHOR',
    ] as const
  ).map((name) => [name, false] as const),
])('takes %s for a credential: %s', ([name, is]) => {
  expect(looksLikeCredential(name)).toBe(is);
});

it.for([
  ['process "/bin/sh -c false" did not complete successfully: exit code: 1', 'project'],
  ['dockerfile parse error on line 2: unknown instruction: RUNN', 'project'],
  ['target stage "nope" could not be found', 'project'],
  ['failed to push: unexpected status from HEAD request: 401 Unauthorized', 'denied'],
  ['failed to push ghcr.io/a/b: denied: permission_denied: write_package', 'denied'],
  ['failed to do request: Head "https://x": dial tcp: lookup x: no such host', 'network'],
  ['failed to copy: read tcp 1.2.3.4: connection reset by peer', 'network'],
  ['unexpected status from PUT request: 503 Service Unavailable', 'network'],
] as const)('says whose fault it is: %s is %s', ([message, kind]) => {
  expect(failureOf({ message, step: undefined })).toBe(kind);
});

describe('a builder', () => {
  const TEXT = `Name:          b\nDriver:        docker\nLast Activity: 2026-11-21 15:00:33 +0000 UTC\n\nNodes:\nName:             b\nEndpoint:         b\nStatus:           running\nPlatforms:        linux/amd64*, linux/arm64*, linux/amd64/v2\nFeatures:\n Cache export:        true\n Direct push:         true\n Multi-platform build: false\n OCI exporter:        true\nLabels:\n org.mobyproject.buildkit.worker.selinux.enabled:  true\n`;

  it('is read with its driver, platforms and what it can do', () => {
    expect(parseInspection(TEXT)).toEqual({
      name: 'b',
      driver: 'docker',
      platforms: ['linux/amd64', 'linux/arm64', 'linux/amd64/v2'],
      features: new Set(['Cache export', 'Direct push', 'OCI exporter']),
      error: undefined,
    });
  });

  it('lacks the platforms that it does not list', () => {
    expect(foreignPlatforms(['linux/amd64', 'linux/arm64/v8', 'linux/s390x'], parseInspection(TEXT))).toEqual([
      'linux/s390x',
    ]);
  });
});

describe('progress', () => {
  it('is read across chunks, with what is no JSON kept as words', () => {
    const said: string[] = [];
    const progress = followProgress((line) => said.push(line));
    const vertex = {
      digest: 'a',
      name: '[build 2/2] RUN x',
      started: '2026-01-01T00:00:00Z',
      completed: '2026-01-01T00:00:02Z',
    };
    const text = `${JSON.stringify({ vertexes: [vertex] })}\n{not json\nERROR: failed to solve: it broke\n`;
    for (const character of text) progress.feed(character);
    const { trouble, steps } = progress.end();
    expect(said).toEqual(['build: 1 step (2s)']);
    expect(steps).toEqual({ run: 1, cached: 0 });
    expect(trouble.message).toBe('it broke');
  });

  it.for([
    '{"vertexes":[null,1,{"digest":{}}],"logs":[{"vertex":null,"data":7}],"warnings":[{}]}',
    '{"vertexes":{},"logs":"x","warnings":null}',
    '[]',
    '{"vertexes":[{"digest":"a","name":"[x 1/1] RUN","completed":"nonsense"}]}',
  ])('survives %s', (line) => {
    const progress = followProgress(() => undefined);
    progress.feed(`${line}\n`);
    expect(progress.end().steps.cached).toBe(0);
  });
});
