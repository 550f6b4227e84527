import { describe, expect, it } from 'vitest';
import { post, runningService } from './running-service.ts';

describe('a link', () => {
  it('is created, found, listed, followed and deleted', async () => {
    const { url } = await runningService();
    const created = await fetch(
      `${url}/links`,
      post({ slug: 'docs', url: 'https://example.org/a' }),
    );
    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe('/links/docs');
    const link = (await created.json()) as Record<string, string>;
    expect(link).toMatchObject({ slug: 'docs', url: 'https://example.org/a' });

    expect(await (await fetch(`${url}/links/docs`)).json()).toEqual(link);
    expect(await (await fetch(`${url}/links`)).json()).toEqual({ links: [link] });

    const followed = await fetch(`${url}/go/docs`, { redirect: 'manual' });
    expect(followed.status).toBe(302);
    expect(followed.headers.get('location')).toBe('https://example.org/a');

    expect((await fetch(`${url}/links/docs`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${url}/links/docs`)).status).toBe(404);
  });

  it('gets a slug of its own when none is given', async () => {
    const { url } = await runningService();
    const create = async () => {
      const response = await fetch(`${url}/links`, post({ url: 'https://example.org' }));
      return ((await response.json()) as { slug: string }).slug;
    };
    const slugs = [await create(), await create()];
    expect(slugs[0]).toMatch(/^[0-9a-f]{8}$/);
    expect(slugs[1]).not.toBe(slugs[0]);
  });

  it('redirects to a URL with characters that no header may hold', async () => {
    const { url } = await runningService();
    await fetch(`${url}/links`, post({ slug: 'umlaut', url: 'https://example.org/ü' }));
    const followed = await fetch(`${url}/go/umlaut`, { redirect: 'manual' });
    expect(followed.headers.get('location')).toBe('https://example.org/%C3%BC');
  });

  it('keeps the first one when its slug is given again', async () => {
    const { url } = await runningService();
    await fetch(`${url}/links`, post({ slug: 'docs', url: 'https://example.org/1' }));
    const second = await fetch(
      `${url}/links`,
      post({ slug: 'docs', url: 'https://example.org/2' }),
    );
    expect(second.status).toBe(409);
    expect(await (await fetch(`${url}/links/docs`)).json()).toMatchObject({
      url: 'https://example.org/1',
    });
  });
});

describe('a link that is not valid', () => {
  it.each([
    ['no URL', {}, 'url'],
    ['a scheme that is not http', { url: 'javascript:alert(1)' }, 'url'],
    ['a slug with capitals', { url: 'https://example.org', slug: 'Docs' }, 'slug'],
    ['a slug that begins with a hyphen', { url: 'https://example.org', slug: '-docs' }, 'slug'],
    ['an unknown field', { url: 'https://example.org', colour: 'red' }, ''],
    ['a list', [], ''],
  ])('is refused, naming the field: %s', async (_fault, body, path) => {
    const { url } = await runningService();
    const response = await fetch(`${url}/links`, post(body));
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      title: 'Unprocessable Entity',
      errors: [{ path, message: expect.any(String) as string }],
    });
    expect(await (await fetch(`${url}/links`)).json()).toEqual({ links: [] });
  });
});
