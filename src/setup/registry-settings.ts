import { join } from 'node:path';
import { readTextFile } from '../runtime/files.ts';
import { isMap, parseYaml } from '../runtime/yaml.ts';
import { mapAt } from './manifest.ts';
import { registryAddress } from './registry.ts';

/** Which registry serves which packages; addresses without a slash at the end. */
export interface RegistrySettings {
  /** Undefined where the project says nothing. */
  readonly fallback: string | undefined;
  /** Scope with `@` to address. */
  readonly scopes: ReadonlyMap<string, string>;
}

const SCOPE = /^@[a-z0-9~-][a-z0-9._~-]*$/i;

/**
 * The registries that a project names in its .npmrc, pnpm-workspace.yaml, .yarnrc, .yarnrc.yml and bunfig.toml. Only these: its credentials, proxies,
 * programs and everything else that those files can set stay out. Addresses with variables in them are passed over.
 *
 * @param folder absolute path of the project's root
 * @throws those of readTextFile
 */
export async function projectRegistries(folder: string): Promise<RegistrySettings> {
  const npmrc = await readTextFile(join(folder, '.npmrc'), 256 * 1024);
  const workspace = await readTextFile(join(folder, 'pnpm-workspace.yaml'), 1024 * 1024);
  const yarnrc = await readTextFile(join(folder, '.yarnrc'), 256 * 1024);
  const yarn = await readTextFile(join(folder, '.yarnrc.yml'), 1024 * 1024);
  const bunfig = await readTextFile(join(folder, 'bunfig.toml'), 256 * 1024);
  const named = [
    ...entriesOfNpmrc(npmrc ?? ''),
    ...(await entriesOfWorkspace(workspace)),
    ...entriesOfYarnrc(yarnrc ?? ''),
    ...(await entriesOfYarn(yarn)),
    ...entriesOfBunfig(bunfig ?? ''),
  ];
  const usable = named.flatMap(([name, value]): [string, string][] => {
    const address = /[${}]/.test(value) ? undefined : registryAddress(value);
    return address === undefined ? [] : [[name, address]];
  });
  const scopes = new Map(usable.filter(([name]) => SCOPE.test(name)));
  return { fallback: usable.findLast(([name]) => name === 'registry')?.[1], scopes };
}

function entriesOfNpmrc(text: string): readonly (readonly [string, string])[] {
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, name, value] = /^\s*(registry|@[^\s:=]{1,214}:registry)\s*=\s*"?([^\s"]+)"?\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name.replace(/:registry$/, ''), value]];
  });
}

/** pnpm's own setting `registries` (pnpm.io, "Settings"). Where the file is not YAML, pnpm says so itself. */
async function entriesOfWorkspace(text: string | undefined): Promise<readonly (readonly [string, string])[]> {
  const parsed = text === undefined ? { problem: 'no file' } : await parseYaml(text);
  if ('problem' in parsed || !isMap(parsed.value)) return [];
  const entries = Object.entries(mapAt(parsed.value, 'registries'));
  return entries.flatMap(([name, value]): [string, string][] => {
    return typeof value === 'string' ? [[name === 'default' ? 'registry' : name, value]] : [];
  });
}

/** Lines `registry "https://…"` and `"@scope:registry" "https://…"` of Yarn 1. */
function entriesOfYarnrc(text: string): readonly (readonly [string, string])[] {
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, name, value] = /^"?(registry|@[^\s:"]{1,214}:registry)"? +"?([^\s"]+)"?\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name.replace(/:registry$/, ''), value]];
  });
}

/** `npmRegistryServer` and that of `npmScopes` (yarnpkg.com/configuration/yarnrc). */
async function entriesOfYarn(text: string | undefined): Promise<readonly (readonly [string, string])[]> {
  const parsed = text === undefined ? { problem: 'no file' } : await parseYaml(text);
  if ('problem' in parsed || !isMap(parsed.value)) return [];
  const scopes = mapAt(parsed.value, 'npmScopes');
  const named = Object.keys(scopes).map((scope) => [`@${scope}`, mapAt(scopes, scope)['npmRegistryServer']] as const);
  const all = [['registry', parsed.value['npmRegistryServer']] as const, ...named];
  return all.flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []));
}

/** `registry` of `[install]` and the scopes of `[install.scopes]` (bun.com/docs/runtime/bunfig). */
function entriesOfBunfig(text: string): readonly (readonly [string, string])[] {
  let table = '';
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    table = /^\s*\[([\w.]+)\]\s*(?:#.*)?$/.exec(line)?.[1] ?? table;
    const [, key, value] =
      /^\s*"?(@?[A-Za-z0-9][\w.~-]*)"?\s*=\s*(?:\{.*?\burl\s*=\s*)?"(https?:[^"]+)"/.exec(line) ?? [];
    if (key === undefined || value === undefined) return [];
    if (table === 'install' && key === 'registry') return [['registry', value]];
    return table === 'install.scopes' ? [[key.startsWith('@') ? key : `@${key}`, value]] : [];
  });
}

/** The registry that serves a package. */
export function registryOf(name: string, { fallback, scopes }: RegistrySettings, outside: string): string {
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/')) : undefined;
  return (scope === undefined ? undefined : scopes.get(scope)) ?? fallback ?? outside;
}

/** The same settings as an .npmrc, and nothing else. */
export function npmrcOf({ fallback, scopes }: RegistrySettings): string {
  const lines = [...scopes].map(([scope, address]) => `${scope}:registry=${address}/`);
  return [...(fallback === undefined ? [] : [`registry=${fallback}/`]), ...lines, ''].join('\n');
}
