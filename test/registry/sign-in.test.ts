import { describe, expect, it } from 'vitest';
import { parseChallenge } from '../../src/registry/challenge.ts';
import { configKeyOf, imageName, originOf, parseRegistry } from '../../src/registry/reference.ts';
import { type SignInRequest, signIn } from '../../src/registry/sign-in.ts';
import { isLoopback } from '../../src/runtime/loopback.ts';

async function attempt(request: SignInRequest, environment: Record<string, string> = {}) {
  const masked: string[] = [];
  const said: string[] = [];
  const login = await signIn(request, {
    environment: { GITHUB_ACTOR: 'octocat', ...environment },
    secrets: { add: (secret) => masked.push(secret) },
    signal: new AbortController().signal,
    log: { info: (text) => said.push(text) },
  });
  return { login, masked, said: said.join('\n') };
}

const TOKEN = 'ghs_theTokenOfTheJob';

describe('signing in', () => {
  it('uses user name and password for any registry, before everything else', async () => {
    const { login, masked, said } = await attempt({
      registry: 'ghcr.io/acme',
      username: ' robot ',
      password: ' pass phrase ',
      githubToken: TOKEN,
    });
    expect(login).toEqual({ host: 'ghcr.io', username: 'robot', password: ' pass phrase ' });
    expect(masked).toEqual([' pass phrase ']);
    expect(said).not.toContain('pass phrase');
  });

  it("uses the job's token for GitHub's registry, as who started the run", async () => {
    const { login, masked } = await attempt({ registry: 'ghcr.io/Acme/Apps', githubToken: TOKEN });
    expect(login).toEqual({ host: 'ghcr.io', username: 'octocat', password: TOKEN });
    expect(masked).toEqual([TOKEN]);
  });

  it.each([
    ['registry.example.com/x'],
    ['127.0.0.1:5000'],
    ['docker.io/acme'],
    ['ghcr.io.example.com/acme'],
    ['xghcr.io/acme'],
  ])("gives the job's token to nobody else: %s", async (registry) => {
    const { login, said } = await attempt({ registry, githubToken: TOKEN });
    expect(login).toBeUndefined();
    expect(said).toContain('without a login');
  });

  it.each([
    [{ username: 'robot' }, 'password'],
    [{ username: 'robot', password: '' }, 'password'],
    [{ password: 'the password' }, 'username'],
  ])('says which half of a login is missing: %j', async (half, missing) => {
    await expect(attempt({ registry: 'registry.example.com', githubToken: TOKEN, ...half })).rejects.toMatchObject({
      code: 'PIPE-REGISTRY-009',
      message: expect.stringContaining(`\`${missing}\` is empty`),
    });
  });
});

describe('the address of a registry', () => {
  it.each([
    ['ghcr.io/Acme/apps/', 'ghcr.io', 'acme/apps'],
    ['127.0.0.1:5000', '127.0.0.1:5000', ''],
    ['localhost/x', 'localhost', 'x'],
    ['[::1]:5000/x', '[::1]:5000', 'x'],
    ['europe-west1-docker.pkg.dev/p/r', 'europe-west1-docker.pkg.dev', 'p/r'],
  ])('%s', (text, host, prefix) => {
    expect(parseRegistry(text)).toEqual({ host, prefix });
  });

  it.each([
    [''],
    ['acme'],
    ['https://ghcr.io/acme'],
    ['ghcr.io/acme:latest'],
    ['ghcr.io//acme'],
    ['ghcr.io/../x'],
    ['user@ghcr.io/x'],
    ['ghcr.io/a b'],
  ])('is not %j', (text) => {
    expect(() => parseRegistry(text)).toThrow(expect.objectContaining({ code: 'PIPE-REGISTRY-001' }));
  });

  it('makes the name of an image', () => {
    expect(imageName('ghcr.io/Acme', 'API')).toBe('ghcr.io/acme/api');
    expect(imageName('127.0.0.1:5000', 'acme/api')).toBe('127.0.0.1:5000/acme/api');
  });

  it.each([
    ['127.0.0.1:5000', true],
    ['127.9.9.9', true],
    ['localhost:80', true],
    ['[::1]:5000', true],
    ['127.0.0.1.example.com', false],
    ['localhost.example.com', false],
    ['10.0.0.1:5000', false],
    ['ghcr.io', false],
  ])('%s is spoken to without TLS: %s', (host, isPlain) => {
    expect(isLoopback(host)).toBe(isPlain);
    expect(originOf(host)).toBe(`${isPlain ? 'http' : 'https'}://${host}`);
  });

  it('of Docker Hub is several', () => {
    expect([originOf('docker.io'), configKeyOf('docker.io')]).toEqual([
      'https://registry-1.docker.io',
      'https://index.docker.io/v1/',
    ]);
  });
});

describe('what a registry asks for', () => {
  it.each([
    [
      'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:a/b:pull"',
      { kind: 'bearer', realm: 'https://ghcr.io/token', service: 'ghcr.io' },
    ],
    ['bearer realm=https://a.b/token', { kind: 'bearer', realm: 'https://a.b/token', service: undefined }],
    ['Basic realm="x"', { kind: 'basic' }],
    [
      'Basic realm="x", Bearer realm="https://a.b/t, u",service="s \\"q\\""',
      { kind: 'bearer', realm: 'https://a.b/t, u', service: 's "q"' },
    ],
    ['Basic', { kind: 'basic' }],
    ['Digest realm="basic"', undefined],
    ['Bearer error="invalid_token"', undefined],
    ['', undefined],
  ])('%s', (header, challenge) => {
    expect(parseChallenge(header)).toEqual(challenge);
  });
});
