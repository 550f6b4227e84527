import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface SourceMap {
  readonly sources: readonly string[];
}

/**
 * The licences of the packages whose code is in the bundle, from the source maps that the bundler writes beside its
 * chunks: what is not in the bundle is not listed, what is in it can't be missing.
 *
 * @param maps texts of the source maps
 * @param modules the folder of the packages
 */
export async function bundledLicenses(maps: readonly string[], modules: string): Promise<string> {
  const names = new Set<string>();
  for (const text of maps) {
    for (const source of (JSON.parse(text) as SourceMap).sources) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  const entries = await Promise.all([...names].sort().map((name) => licenseOf(name, modules)));
  const table = entries.map(({ title }) => title).join('\n');
  // Packages of one house have the same text, holder and all: it stands once.
  const texts = [...new Set(entries.map(({ text }) => text))].map((text) => {
    const titles = entries.filter((entry) => entry.text === text).map(({ title }) => `---- ${title}`);
    return `${titles.join('\n')}\n\n${text}`;
  });
  return `Code of these packages is part of the bundle:\n\n${table}\n\n${texts.join('\n')}`;
}

async function licenseOf(name: string, modules: string): Promise<{ title: string; text: string }> {
  const place = join(modules, name);
  const files = await readdir(place);
  const manifest = await readFile(join(place, 'package.json'), 'utf8');
  const { version, license } = JSON.parse(manifest) as Record<string, unknown>;
  const file = files.sort().find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text =
    file === undefined
      ? `No licence text in the package; its package.json says ${String(license)}.\n`
      : await readFile(join(place, file), 'utf8');
  if (typeof license !== 'string') throw new Error(`the package ${name} names no licence`);
  return { title: `${name} ${String(version)} (${license})`, text: text.replaceAll('\r\n', '\n') };
}
