import { expect, it } from 'vitest';
import { DOMAIN, openRoom, outputWith } from './room.ts';

const COMMITS = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(40));

function commit(index: number): string {
  return COMMITS[index] ?? '';
}

it('puts the output of a build live, and the next one beside it until it is promoted', async () => {
  const room = await openRoom();
  await room.write(outputWith('<h1>one</h1>'));
  const first = await room.deploy(commit(0));
  expect(first.failure).toBeUndefined();
  expect(first.outputs).toMatchObject({ url: `https://${DOMAIN}`, promoted: true, first: true, healthy: true });
  expect(first.outputs.release).toMatch(/^vercel:\/\/acme\/web\/dpl_\w+$/);
  expect((await room.get(`https://${DOMAIN}/`)).body.toString()).toBe('<h1>one</h1>');

  await room.write(outputWith('<h1>two</h1>'));
  const staged = await room.deploy(commit(1), { promote: 'false' });
  expect(staged.failure).toBeUndefined();
  expect(staged.outputs).toMatchObject({ promoted: false, first: false, 'previous-release': first.outputs.release });
  expect((await room.get(`https://${DOMAIN}/`)).body.toString()).toBe('<h1>one</h1>');
  expect((await room.get(staged.outputs['candidate-url'] ?? '')).body.toString()).toBe('<h1>two</h1>');

  const promoted = await room.promote({ release: staged.outputs.release ?? '' });
  expect(promoted.failure).toBeUndefined();
  expect(promoted.outputs).toMatchObject({ release: staged.outputs.release, promoted: true });
  expect((await room.get(`https://${DOMAIN}/`)).body.toString()).toBe('<h1>two</h1>');
  expect((await room.get('https://web.vercel.app/')).body.toString()).toBe('<h1>two</h1>');

  const back = await room.rollback({ target: 'vercel://acme/web', to: 'previous' });
  expect(back.failure).toBeUndefined();
  expect(back.outputs).toMatchObject({ release: first.outputs.release, moved: true });
  expect((await room.get(`https://${DOMAIN}/`)).body.toString()).toBe('<h1>one</h1>');
  expect(room.vercel.state.unknown).toEqual([]);
  console.log(room.calls());
});
