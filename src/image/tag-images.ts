import { createRegistryClient } from '../registry/client.ts';
import { imageName, parseRegistry } from '../registry/reference.ts';
import { signIn } from '../registry/sign-in.ts';
import type { ActionContext, ActionResult } from '../runtime/action.ts';
import { ConfigurationError } from '../runtime/errors.ts';
import { runFacts } from './event-facts.ts';
import type { ImageInputs, outputs } from './inputs.ts';
import { reproducibleDate, signInRequest } from './job.ts';
import { tagImage } from './tag.ts';
import { DEFAULT_FLAVOR, DEFAULT_TAG_RULES, imageTags, PLAIN_FLAVOR } from './tags.ts';

/**
 * Puts the tags on images that were pushed by an earlier step, by calls of the registry alone.
 *
 * @throws ConfigurationError PIPE-IMAGE-004 no registry or no name, PIPE-IMAGE-016 no tag to put on
 */
export async function tagImages(inputs: ImageInputs, context: ActionContext): Promise<ActionResult<typeof outputs>> {
  const { environment, signal, secrets, log } = context;
  const registry = inputs.registry ?? '';
  const digests = digestsOf(inputs);
  if (registry === '')
    throw incomplete('`digest` tags an image in a registry, and there is no `registry`', 'registry: ghcr.io/acme/apps');
  const facts = await runFacts(environment, await reproducibleDate(context));
  const { tags } = imageTags(
    inputs.tags ?? DEFAULT_TAG_RULES,
    facts.tags,
    inputs.tags === undefined ? DEFAULT_FLAVOR : PLAIN_FLAVOR,
  );
  if (tags.length === 0) throw noTags(facts.tags.ref);
  const login = await signIn(signInRequest(inputs, registry), { environment, secrets, signal, log });
  const client = createRegistryClient({ host: parseRegistry(registry).host, login, environment, signal, secrets });
  const references: string[] = [];
  try {
    for (const [name, digest] of digests) {
      const full = imageName(registry, name);
      await tagImage(client, full.slice(full.indexOf('/') + 1), digest, tags, { signal });
      log.info(`${full}@${digest} is tagged ${tags.join(', ')}`);
      references.push(...tags.map((tag) => `${full}:${tag}`));
    }
  } finally {
    client.close();
  }
  const [only] = digests.length === 1 ? digests : [];
  return {
    outputs: {
      image: only === undefined ? undefined : `${imageName(registry, only[0])}@${only[1]}`,
      digest: only?.[1],
      digests: Object.fromEntries(digests),
      tags: references.join('\n'),
      images: digests.map(([name, digest]) => ({
        name,
        digest,
        image: `${imageName(registry, name)}@${digest}`,
        tags,
      })),
      layout: undefined,
      targets: undefined,
    },
  };
}

function digestsOf({ digest, name }: ImageInputs): readonly (readonly [name: string, digest: string])[] {
  if (typeof digest !== 'string') return [...(digest ?? [])];
  if (name === undefined) throw incomplete('`digest` names no image', 'name: api');
  return [[name, digest]];
}

function incomplete(what: string, example: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-IMAGE-004',
    what,
    accepted: '`digest` with `registry` and `name`, or `digest` as a map from names to digests with `registry`',
    example,
    state: 'no tag was put on',
  });
}

function noTags(ref: string): ConfigurationError {
  return new ConfigurationError({
    code: 'PIPE-IMAGE-016',
    what: 'no rule of `tags` makes a tag for this run',
    given: `ref ${ref === '' ? '(none)' : ref}`,
    accepted: 'at least one rule that applies to every run that tags',
    example: 'tags: type=sha',
    state: 'no tag was put on',
  });
}
