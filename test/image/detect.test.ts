import { describe, expect, it } from 'vitest';
import { composeBuilds } from '../../src/image/compose-builds.ts';
import { detectImages, type ImageFacts, isDockerfile } from '../../src/image/detect.ts';

const WORKSPACE = [
  'apps/api/package.json',
  'apps/api/src/main.ts',
  'apps/web/package.json',
  'package-lock.json',
  'package.json',
  'packages/lib/package.json',
];

/** Facts of a repository with these Dockerfiles by path. */
function facts(dockerfiles: Readonly<Record<string, string>>, more: Partial<ImageFacts> = {}): ImageFacts {
  return {
    workingDirectory: '.',
    repository: 'Shop',
    paths: [...WORKSPACE, ...Object.keys(dockerfiles)].sort(),
    packages: ['.', 'apps/api', 'apps/web', 'packages/lib'],
    workspaceRoot: '.',
    composeFiles: [],
    dockerfiles: Object.entries(dockerfiles).map(([path, text]) => ({ path, text })),
    ...more,
  };
}

function contextOf(path: string, text: string, more: Partial<ImageFacts> = {}): string | undefined {
  return detectImages(facts({ [path]: text }, more)).images[0]?.context;
}

describe('the context is', () => {
  it.for([
    ['its own folder for what copies all of it', 'COPY . .', 'apps/api'],
    ['its own folder for what copies files of it', 'COPY package.json ./\nCOPY src ./src', 'apps/api'],
    ['the root for what copies from several packages', 'COPY apps/api ./api\nCOPY packages/lib ./lib', '.'],
    ['the root for what copies the lockfile that is only there', 'COPY package.json package-lock.json ./', '.'],
    ['the root for a pattern that only matches there', 'COPY ["package*-lock.json", "./"]', '.'],
    ['its own folder where another stage is copied', 'COPY --from=build /packages/lib /lib\nCOPY . .', 'apps/api'],
    ['the root for a bind mount of another package', 'RUN --mount=type=bind,source=packages/lib,target=/l true', '.'],
    ['the root for a command on the workspace', 'COPY . .\nRUN npm ci --workspace api', '.'],
    ['the root for a command on another package', 'COPY . .\nRUN npm run build -C packages/lib', '.'],
    ['its own folder where nothing fits anywhere', 'COPY dist ./dist', 'apps/api'],
    [
      'its own folder for an address and a here-document',
      'ADD https://example.com/x /x\nCOPY <<EOF /y\nCOPY packages/lib /z\nEOF',
      'apps/api',
    ],
    ['the root where a variable names the package', 'ARG APP\nCOPY apps/${APP}/package.json ./', '.'],
  ] as const)('%s', ([, lines, context]) => {
    expect(contextOf('apps/api/Dockerfile', `FROM node\n${lines}\n`)).toBe(context);
  });

  it('the folder above for a folder that holds Dockerfiles alone', () => {
    expect(contextOf('docker/api.Dockerfile', 'FROM node\nCOPY . .\n')).toBe('.');
  });
});

describe('the name is', () => {
  it.for([
    ['Dockerfile', 'shop'],
    ['apps/api/Dockerfile', 'api'],
    ['apps/api/Dockerfile.worker', 'api-worker'],
    ['docker/worker.Dockerfile', 'worker'],
    ['apps/api/docker/Dockerfile', 'api'],
    ['Apps/My Api/Dockerfile', 'my-api'],
  ] as const)('of %s: %s', ([path, name]) => {
    expect(detectImages(facts({ [path]: 'FROM node\n' })).images[0]?.name).toBe(name);
  });

  it('longer where two would have the same', () => {
    const { images } = detectImages(facts({ 'apps/api/Dockerfile': 'FROM a\n', 'tools/api/Dockerfile': 'FROM a\n' }));
    expect(images.map(({ name }) => name)).toEqual(['api', 'tools-api-api']);
  });
});

describe('found are', () => {
  const compose = (builds: object, path = 'compose.yaml') => ({
    path,
    ...composeBuilds({ services: builds }, path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'),
  });

  it('the builds of the compose file first, then Dockerfiles that it does not name', () => {
    const composeFiles = [
      compose({
        web: { build: { context: 'apps/web', target: 'run', args: ['A=1', 'B'] } },
        db: { image: 'postgres' },
      }),
    ];
    const { images } = detectImages(
      facts({ 'apps/api/Dockerfile': 'FROM a\n', 'apps/web/Dockerfile': 'FROM a\n' }, { composeFiles }),
    );
    expect(images.map(({ name, file, target, args }) => ({ name, file, target, args }))).toEqual([
      { name: 'web', file: 'apps/web/Dockerfile', target: 'run', args: { A: '1' } },
      { name: 'api', file: 'apps/api/Dockerfile', target: undefined, args: {} },
    ]);
  });

  it('those of the working directory alone, also in the compose file above it', () => {
    const composeFiles = [compose({ api: { build: './apps/api' }, web: { build: './apps/web' } })];
    const given = facts({ 'apps/web/Dockerfile.b': 'FROM a\n' }, { composeFiles, workingDirectory: 'apps/api' });
    expect(detectImages(given).images.map(({ name }) => name)).toEqual(['api']);
  });

  it('none in hidden folders, and none whose context is elsewhere; both are named with the reason', () => {
    const composeFiles = [
      compose({
        far: { build: 'https://example.com/x.git' },
        out: { build: '../other' },
        unset: { build: '${WHERE}' },
      }),
    ];
    const { images, notBuilt } = detectImages(facts({ '.devcontainer/Dockerfile': 'FROM a\n' }, { composeFiles }));
    expect(images).toEqual([]);
    expect(notBuilt.map(({ subject }) => subject)).toEqual([
      'compose.yaml: far',
      'compose.yaml: out',
      'compose.yaml: unset',
      '.devcontainer/Dockerfile',
    ]);
  });
});

describe('the build section of a service', () => {
  it('is read with its variables replaced by their defaults, from the folder of the file', () => {
    const build = {
      context: '${DIR:-app}',
      dockerfile: 'ci/Dockerfile',
      args: { A: '${X-1}', B: '$Y', C: '$$Z' },
      additional_contexts: { lib: '../lib', base: 'docker-image://node' },
    };
    expect(composeBuilds({ services: { a: { build, platform: 'linux/arm64' } } }, 'deploy').builds).toEqual([
      {
        service: 'a',
        context: 'deploy/app',
        file: 'deploy/app/ci/Dockerfile',
        inline: undefined,
        target: undefined,
        args: { A: '1', C: '$Z' },
        platforms: ['linux/arm64'],
        contexts: { lib: 'lib', base: 'docker-image://node' },
        labels: {},
      },
    ]);
  });

  it.for([undefined, null, [], 'text', { services: [] }, { services: { a: null, b: { build: null } } }])(
    'is none in %j',
    (document) => {
      expect(composeBuilds(document, '.')).toEqual({ builds: [], skipped: [] });
    },
  );
});

it.for([
  ['Dockerfile', true],
  ['a/Containerfile', true],
  ['a/Dockerfile.prod', true],
  ['a/prod.dockerfile', true],
  ['a/Dockerfile.dockerignore', false],
  ['a/Dockerfile.j2', false],
  ['a/dockerfile-parser.ts', false],
  ['Dockerfile/readme', false],
] as const)('takes %s for a Dockerfile: %s', ([path, is]) => {
  expect(isDockerfile(path)).toBe(is);
});
