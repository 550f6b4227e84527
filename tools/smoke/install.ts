import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../install/npm.ts';
import { once } from '../install/once.ts';

const playwright = fileURLToPath(new URL('playwright', import.meta.url));

/**
 * Playwright as a project has it.
 *
 * @returns the folder of node_modules
 */
export function installPlaywright(): Promise<string> {
  return installPackages('playwright', playwright);
}

const PLACES = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'] as const;

/** The real browser. @throws Error that says what to install */
export async function findChromium(): Promise<string> {
  for (const place of PLACES) {
    const isThere = await stat(place).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isThere) return place;
  }
  throw new Error('Chromium is not installed: apt-get install chromium');
}

/**
 * A folder for PLAYWRIGHT_BROWSERS_PATH in which this Playwright finds Chromium where it would have installed it.
 *
 * @returns its absolute path
 */
export async function linkBrowsers(): Promise<string> {
  const [modules, chromium] = [await installPlaywright(), await findChromium()];
  const text = await readFile(join(modules, 'playwright-core/browsers.json'), 'utf8');
  const { browsers } = JSON.parse(text) as { readonly browsers: readonly { name: string; revision: string }[] };
  const revisionOf = (name: string) => browsers.find((browser) => browser.name === name)?.revision ?? '';
  const [revision, video] = [revisionOf('chromium'), revisionOf('ffmpeg')];
  return await once('playwright-browsers', `${revision} ${video} ${chromium}`, async (into) => {
    const places = [
      `chromium_headless_shell-${revision}/chrome-headless-shell-linux64/chrome-headless-shell`,
      `chromium-${revision}/chrome-linux64/chrome`,
    ];
    for (const place of places) {
      await mkdir(dirname(join(into, place)), { recursive: true });
      await symlink(chromium, join(into, place));
    }
    // What tells `playwright install` that there is nothing to download.
    for (const folder of [`chromium_headless_shell-${revision}`, `chromium-${revision}`, `ffmpeg-${video}`]) {
      await mkdir(join(into, folder), { recursive: true });
      await writeFile(join(into, folder, 'INSTALLATION_COMPLETE'), '');
    }
  });
}
