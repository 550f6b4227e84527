import { expect, test } from 'vitest';
import { createGitHub } from '../../src/github/client.ts';
import { type MarkerKey, markerLine } from '../../src/report/marker.ts';
import { type Publication, publish } from '../../src/report/publish.ts';
import { type ApiServer, BOT, HEAD, PULL_REQUEST, startApi } from '../github/api-server.ts';

const KEY: MarkerKey = { caller: 'ci.yml', workflow: 'check', folder: '.', service: '', environment: '' };

interface Run {
  readonly id: number;
  readonly attempt?: number;
  readonly text?: string;
  readonly token?: string;
  readonly key?: MarkerKey;
  readonly creates?: boolean;
  readonly sha?: string;
}

function write(api: ApiServer, { id, attempt = 1, sha = HEAD, ...run }: Run): Promise<Publication> {
  const environment = { GITHUB_API_URL: api.url, GITHUB_REPOSITORY: 'acme/shop', NO_PROXY: '127.0.0.1' };
  const github = createGitHub({ environment, token: run.token ?? 'job-token', wait: async () => undefined });
  return publish({
    github,
    pullRequest: PULL_REQUEST,
    key: run.key ?? KEY,
    writer: { id, attempt, sha },
    text: run.text ?? `text of run ${id}`,
    creates: run.creates ?? true,
  });
}

function bodyOf(id: number, text = `text of run ${id}`, attempt = 1): string {
  return `${markerLine(KEY, { id, attempt, sha: HEAD })}\n${text}`;
}

const people = (count: number) => Array.from({ length: count }, (_, index) => ({ author: 'mona', body: `${index}` }));

/** Where two requests wait for each other, so that both have come before either goes on. */
function meeting(size: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  let count = 0;
  return () => {
    count += 1;
    if (count === size) open();
    return count <= size ? all : Promise.resolve();
  };
}

test('writes one comment and brings it up to date in place', async () => {
  const api = await startApi({ comments: people(3) });

  expect(await write(api, { id: 1 })).toEqual({ kind: 'created', comment: 104 });
  expect(await write(api, { id: 2 })).toEqual({ kind: 'updated', comment: 104 });
  expect(await write(api, { id: 2, attempt: 2, text: 'again' })).toEqual({ kind: 'updated', comment: 104 });
  expect(api.comments.slice(3)).toEqual([{ id: 104, author: BOT, body: bodyOf(2, 'again', 2) }]);
  expect(api.violations).toEqual([]);
});

test('does not write what is there already', async () => {
  const api = await startApi({ comments: [{ author: BOT, body: bodyOf(1) }] });
  expect(await write(api, { id: 1 })).toEqual({ kind: 'unchanged', comment: 101 });
  expect(api.requests.filter((request) => request.startsWith('P') && !request.endsWith('graphql'))).toEqual([]);
});

test('finds its comment behind more than a hundred others', async () => {
  const api = await startApi({ comments: [...people(230), { author: BOT, body: bodyOf(1) }, ...people(40)] });

  expect(await write(api, { id: 2 })).toEqual({ kind: 'updated', comment: 331 });
  expect(api.comments).toHaveLength(271);
  expect(api.comments[230]?.body).toBe(bodyOf(2));
});

test('never touches a comment of somebody who copied the marker', async () => {
  const copied = [
    { author: 'mallory', body: bodyOf(1) },
    { author: 'mallory', body: bodyOf(999_999) },
    { author: 'other-app[bot]', body: bodyOf(999_999) },
  ];
  const api = await startApi({ comments: copied });

  expect(await write(api, { id: 5 })).toEqual({ kind: 'created', comment: 104 });
  expect(await write(api, { id: 6 })).toEqual({ kind: 'updated', comment: 104 });
  expect(api.comments.slice(0, 3).map(({ author, body }) => ({ author, body }))).toEqual(copied);
  expect(api.comments).toHaveLength(4);
});

test('keeps what a newer run wrote when an older one ends later', async () => {
  const api = await startApi();
  await write(api, { id: 8 });
  expect(await write(api, { id: 7 })).toEqual({ kind: 'newer', run: 8 });
  expect(await write(api, { id: 7, attempt: 3 })).toEqual({ kind: 'newer', run: 8 });
  await write(api, { id: 8, attempt: 2, text: 'second' });
  expect(await write(api, { id: 8, attempt: 1 })).toEqual({ kind: 'newer', run: 8 });
  expect(api.comments.map(({ body }) => body)).toEqual([bodyOf(8, 'second', 2)]);
});

test('leaves a comment alone when the pull request has a newer commit', async () => {
  const api = await startApi({ comments: [{ author: BOT, body: bodyOf(1) }] });
  api.head = 'b'.repeat(40);
  expect(await write(api, { id: 2 })).toEqual({ kind: 'outdated', sha: 'b'.repeat(40) });
  expect(api.comments.map(({ body }) => body)).toEqual([bodyOf(1)]);
});

test('writes the first comment also for a commit that is not the newest: its successor may have no run', async () => {
  const api = await startApi();
  api.head = 'b'.repeat(40);
  expect(await write(api, { id: 1 })).toMatchObject({ kind: 'created' });
});

test('keeps reports of two services apart', async () => {
  const api = await startApi();
  await write(api, { id: 1, key: { ...KEY, service: 'api' } });
  await write(api, { id: 1, key: { ...KEY, service: 'web' } });
  await write(api, { id: 2, key: { ...KEY, service: 'api' } });
  expect(api.comments.map(({ body }) => body.split('\n')[1])).toEqual(['text of run 2', 'text of run 1']);
});

test('keeps one up to date but creates none where only failures are to be told', async () => {
  const api = await startApi();
  expect(await write(api, { id: 1, creates: false })).toEqual({ kind: 'none' });
  await write(api, { id: 2 });
  expect(await write(api, { id: 3, creates: false })).toMatchObject({ kind: 'updated' });
});

test('ends with one comment of the newer run when two create theirs at once', async () => {
  for (const order of [
    [1, 2],
    [2, 1],
  ] as const) {
    const api = await startApi();
    const meet = meeting(2);
    api.intercept = async ({ method }) => {
      if (method === 'POST') await meet();
      return undefined;
    };
    await Promise.all(order.map((id) => write(api, { id })));
    expect(api.comments.map(({ body }) => body)).toEqual([bodyOf(2)]);
    expect(api.violations).toEqual([]);
  }
});

test('ends with the newer run’s text when two change the comment at once', async () => {
  for (const late of [1, 2]) {
    const api = await startApi({ comments: [{ author: BOT, body: bodyOf(0) }] });
    const meet = meeting(2);
    let first: () => void = () => undefined;
    const written = new Promise<void>((resolve) => {
      first = resolve;
    });
    api.intercept = async ({ method, body }) => {
      if (method !== 'PATCH') return undefined;
      const isLate = JSON.stringify(body).includes(`run=${late} `);
      await meet();
      if (isLate) await written;
      else setImmediate(first);
      return undefined;
    };
    await Promise.all([write(api, { id: 1 }), write(api, { id: 2 })]);
    expect(api.comments.map(({ body }) => body)).toEqual([bodyOf(2)]);
  }
});

test('ends with one comment when ten runs write at once', async () => {
  const api = await startApi();
  const meet = meeting(10);
  api.intercept = async ({ method, path }) => {
    if (method === 'POST' && !path.endsWith('graphql')) await meet();
    return undefined;
  };
  await Promise.all([4, 9, 1, 7, 10, 2, 8, 3, 6, 5].map((id) => write(api, { id })));
  expect(api.comments.map(({ body }) => body)).toEqual([bodyOf(10)]);
});

test('writes again when somebody deletes the comment under its hands', async () => {
  const api = await startApi({ comments: [{ author: BOT, body: bodyOf(1) }] });
  api.intercept = ({ method }) => {
    if (method === 'PATCH') api.comments.splice(0);
    return undefined;
  };
  expect(await write(api, { id: 2 })).toMatchObject({ kind: 'created' });
  expect(api.comments.map(({ body }) => body)).toEqual([bodyOf(2)]);
});

test('does not comment twice when GitHub wrote the comment but its answer was lost', async () => {
  const api = await startApi();
  api.intercept = ({ method, path, body }) => {
    if (method !== 'POST' || path.endsWith('graphql')) return undefined;
    api.comments.push({ id: 500, author: BOT, body: (body as { body: string }).body });
    return { status: 502, body: 'Bad gateway' };
  };
  await write(api, { id: 1 });
  expect(api.comments.map(({ body }) => body)).toEqual([bodyOf(1)]);
});

test('knows its text again when GitHub keeps it in another form', async () => {
  const api = await startApi();
  api.intercept = ({ method, path, body }) => {
    if (!/^(POST|PATCH)$/.test(method) || path.endsWith('graphql')) return undefined;
    const kept = (body as { body: string }).body.trimEnd();
    api.comments.splice(0, 1, { id: 500, author: BOT, body: kept });
    return { status: 201, body: { id: 500, body: kept, user: { login: BOT } } };
  };
  expect(await write(api, { id: 1, text: 'text\n\n' })).toEqual({ kind: 'created', comment: 500 });
  expect(api.requests.filter((request) => request.startsWith('PATCH'))).toEqual([]);
});

test('keeps the oldest of several comments of one run, whichever run cleans up', async () => {
  const twice = { author: BOT, body: bodyOf(1) };
  const api = await startApi({ comments: [twice, { author: 'mona', body: 'hello' }, twice, twice] });
  expect(await write(api, { id: 1 })).toEqual({ kind: 'unchanged', comment: 101 });
  expect(api.comments.map(({ id }) => id)).toEqual([101, 102]);
});

test('keeps the newest run’s comment where older ones are left, whatever their order', async () => {
  for (const ids of [
    [1, 3, 2],
    [3, 1, 2],
    [2, 1, 3],
  ]) {
    const api = await startApi({ comments: ids.map((id) => ({ author: BOT, body: bodyOf(id) })) });
    expect(await write(api, { id: 2, attempt: 2 })).toEqual({ kind: 'newer', run: 3 });
    expect(api.comments.map(({ body }) => body)).toEqual([bodyOf(3)]);
    expect(await write(api, { id: 4 })).toMatchObject({ kind: 'updated' });
  }
});

test('gives up after a few rounds when others keep changing the comment', async () => {
  const api = await startApi({ comments: [{ author: BOT, body: bodyOf(1) }] });
  api.intercept = ({ method, path }) => {
    const [comment] = api.comments;
    if (method === 'GET' && path.includes('/comments') && comment !== undefined) comment.body = bodyOf(1);
    return undefined;
  };
  expect(await write(api, { id: 2 })).toEqual({ kind: 'contested' });
  expect(api.requests.filter((request) => request.startsWith('PATCH'))).toHaveLength(5);
});

test('says which permission is missing', async () => {
  const api = await startApi({ tokens: { reader: { login: BOT, may: 'read' } } });
  await expect(write(api, { id: 1, token: 'reader' })).rejects.toThrow('PIPE-GITHUB-002');
});
