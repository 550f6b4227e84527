import { rm } from 'node:fs/promises';
import { removeDockerConfig } from '../registry/docker-config.ts';
import type { ActionContext } from '../runtime/action.ts';
import { removeBuilder } from './builder.ts';

/** State that the main part keeps for this one. */
export const BUILDER = 'image-builder';
export const LOGIN = 'image-login';
export const FILES = 'image-files';

/** Removes what the main part made for its builds and could not remove itself: the login first. */
export async function post({ state, environment }: Pick<ActionContext, 'state' | 'environment'>): Promise<void> {
  const login = state(LOGIN);
  if (login !== '') await removeDockerConfig(login);
  const files = state(FILES);
  if (files !== '') await rm(files, { recursive: true, force: true });
  const builder = state(BUILDER);
  if (builder !== '') await removeBuilder(builder, { environment });
}
