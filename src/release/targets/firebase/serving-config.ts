import type { Pattern } from './rules.ts';
import type { Section } from './section.ts';

/** Where a rewrite leads, as the API has it. */
export type Route =
  | { readonly path: string }
  | { readonly function: string; readonly functionRegion?: string }
  | { readonly run: { readonly serviceId: string; readonly region: string; readonly tag?: string } }
  | { readonly dynamicLinks: true };

/** How Hosting serves a version (REST v1beta1, ServingConfig). */
export interface ServingConfig {
  readonly rewrites?: readonly (Pattern & Route)[];
  readonly redirects?: Section['redirects'] & {};
  readonly headers?: Section['headers'] & {};
  readonly cleanUrls?: boolean;
  readonly trailingSlashBehavior?: 'ADD' | 'REMOVE';
  readonly appAssociation?: 'AUTO' | 'NONE';
  readonly i18n?: { readonly root: string };
}

/**
 * A section of firebase.json as the API has it. What the file does not say is left out: the service has defaults.
 *
 * @param routes where each rewrite of the section leads, in their order
 */
export function servingConfig(section: Section, routes: readonly Route[]): ServingConfig {
  const { redirects, headers, cleanUrls, trailingSlash, appAssociation, i18n } = section;
  const rewrites = section.rewrites?.flatMap(({ pattern }, index) => {
    const route = routes[index];
    return route === undefined ? [] : [{ ...pattern, ...route }];
  });
  return {
    ...(rewrites === undefined ? {} : { rewrites }),
    ...(redirects === undefined ? {} : { redirects }),
    ...(headers === undefined ? {} : { headers }),
    ...(cleanUrls === undefined ? {} : { cleanUrls }),
    ...(appAssociation === undefined ? {} : { appAssociation }),
    ...(i18n === undefined ? {} : { i18n }),
    ...(trailingSlash === undefined ? {} : { trailingSlashBehavior: trailingSlash ? 'ADD' : 'REMOVE' }),
  };
}
