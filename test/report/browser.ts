import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { findChromium, installPlaywright } from '../../tools/smoke/install.ts';

export interface View {
  /** CSS pixels. */
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** A page in a real browser, as far as these tests need it. */
export interface OpenPage {
  readonly evaluate: <T>(work: () => T) => Promise<T>;
  readonly press: (key: string) => Promise<void>;
  /** What the console said, and what was asked for beside the file itself. */
  readonly said: readonly string[];
}

interface Message {
  readonly text: () => string;
}

interface PlaywrightPage {
  readonly on: (event: 'console' | 'pageerror' | 'request', hear: (found: never) => void) => void;
  readonly goto: (url: string) => Promise<unknown>;
  readonly evaluate: <T>(work: () => T) => Promise<T>;
  readonly keyboard: { readonly press: (key: string) => Promise<void> };
}

interface Playwright {
  readonly chromium: {
    readonly launch: (options: { executablePath: string; args: readonly string[] }) => Promise<{
      readonly newPage: (options: object) => Promise<PlaywrightPage>;
      readonly close: () => Promise<void>;
    }>;
  };
}

/** Opens a file the way a person does, in Chromium, in one window for each view. */
export async function openFile(path: string, { width, scheme }: View): Promise<OpenPage> {
  const { chromium } = createRequire(`${await installPlaywright()}/here.js`)('playwright-core') as Playwright;
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const said: string[] = [];
  const url = pathToFileURL(path).href;
  page.on('console', (message: Message) => void said.push(`console: ${message.text()}`));
  page.on('pageerror', (error: Error) => void said.push(`error: ${error.message}`));
  page.on('request', (request: { readonly url: () => string }) => {
    if (request.url() !== url) said.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { evaluate: (work) => page.evaluate(work), press: (key) => page.keyboard.press(key), said };
}
