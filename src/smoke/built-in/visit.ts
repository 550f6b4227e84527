import { setTimeout as delay } from 'node:timers/promises';
import { shown } from '../../runtime/errors.ts';
import { durationText } from '../../runtime/kinds.ts';
import { NoAnswer, type PageSession, type Parameters } from './devtools.ts';

/** What one visit of a page showed. Texts are the page's own. */
export interface Visit {
  /** Status of the document; undefined when none came. */
  readonly status: number | undefined;
  /** Why the document did not come: `net::ERR_NAME_NOT_RESOLVED`; empty when it did. */
  readonly failure: string;
  /** `console.error`, uncaught exceptions, what a security policy blocked. */
  readonly errors: readonly PageError[];
  readonly requests: readonly FailedRequest[];
  /** Undefined when the page could not be asked. */
  readonly content: Content | undefined;
  /** PNG. */
  readonly picture: Buffer | undefined;
}

export interface PageError {
  readonly kind: 'console' | 'exception' | 'policy';
  readonly text: string;
  /** Address of the script, with its line; empty when nobody knows. */
  readonly place: string;
}

export interface FailedRequest {
  readonly url: string;
  /** `Document`, `Script`, `Stylesheet`, `Fetch`… */
  readonly type: string;
  /** `status 404`, `net::ERR_CONNECTION_REFUSED`, `blocked (csp)`. */
  readonly why: string;
  readonly status: number | undefined;
}

/** What can be seen on the page. */
export interface Content {
  /** Characters of text. */
  readonly text: number;
  /** Pictures, inputs, buttons, canvases with a size. */
  readonly elements: number;
  /** Selector of a root of an application that is there and empty; empty when there is none. */
  readonly emptyRoot: string;
}

export interface VisitWish {
  readonly url: string;
  /** Sent to the origin of `url` only; values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether Node has accepted the certificate by an authority that Chromium does not know. */
  readonly acceptsCertificate: boolean;
  /** Milliseconds until something has to be seen. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** How long nothing may be asked until the page counts as done, in milliseconds. */
const QUIET = 500;

/** How long an empty page may be quiet until nothing is expected any more, in milliseconds. */
const PATIENCE = 4_000;

/** Longest list of errors or requests that is kept. */
const MOST = 50;

/** Opens the page once, waits until it is quiet and something is seen, and says what went wrong meanwhile. */
export async function visit(page: PageSession, wish: VisitWish): Promise<Visit> {
  const seen = listen(page, new URL(wish.url).origin);
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
  if (wish.acceptsCertificate) await page.send('Security.setIgnoreCertificateErrors', { ignore: true });
  await sendHeaders(page, wish);
  const until = performance.now() + wish.timeout;
  const failure = await navigate(page, wish);
  let content: Content | undefined;
  while (failure === '' && performance.now() < until) {
    await delay(100, undefined, { signal: wish.signal });
    content = await contentOf(page, until - performance.now());
    const quiet = seen.isLoaded() && seen.open() === 0 ? performance.now() - seen.lastChange() : 0;
    // A page that polls or streams is never quiet: what it shows counts after a while.
    const isLate = seen.isLoaded() && performance.now() > until - wish.timeout / 2;
    if (quiet > (isVisible(content) ? QUIET : PATIENCE) || (isLate && isVisible(content))) break;
  }
  return {
    status: seen.status(),
    failure,
    errors: seen.errors,
    requests: seen.requests,
    content,
    picture: failure === '' ? await pictureOf(page) : undefined,
  };
}

/** @returns why the document did not come; empty when it did */
async function navigate(page: PageSession, { url, timeout }: VisitWish): Promise<string> {
  try {
    const { errorText } = await page.send('Page.navigate', { url }, timeout);
    return typeof errorText === 'string' ? errorText : '';
  } catch (error) {
    if (error instanceof NoAnswer) return `no answer within ${durationText(timeout)}`;
    throw error;
  }
}

export function isVisible(content: Content | undefined): boolean {
  return content !== undefined && content.emptyRoot === '' && content.text + content.elements > 0;
}

/** Headers for the page's own origin: those of third parties must not see them, so each request is stopped and let on. */
async function sendHeaders(page: PageSession, { url, headers }: VisitWish): Promise<void> {
  const more = Object.entries(headers).map(([name, value]) => ({ name, value }));
  if (more.length === 0) return;
  page.on('Fetch.requestPaused', ({ requestId, request }) => {
    const own = Object.entries(fieldsOf(fieldsOf(request)['headers'])).map(([name, value]) => ({ name, value }));
    const names = new Set(more.map(({ name }) => name.toLowerCase()));
    const kept = own.filter(({ name }) => !names.has(name.toLowerCase()));
    // A request that is gone meanwhile needs no answer.
    page.send('Fetch.continueRequest', { requestId, headers: [...kept, ...more] }).catch(() => undefined);
  });
  await page.send('Fetch.enable', { patterns: [{ urlPattern: `${new URL(url).origin}/*` }] });
}

/** Collects what the browser tells while the page loads. */
function listen(page: PageSession, origin: string) {
  const errors: PageError[] = [];
  const requests: FailedRequest[] = [];
  const sent = new Map<string, { readonly url: string; readonly type: string }>();
  const open = new Set<string>();
  let changed = performance.now();
  let isLoaded = false;
  let status: number | undefined;
  const on = (event: string, hear: (parameters: Parameters) => void) => {
    page.on(event, (parameters) => {
      changed = performance.now();
      hear(parameters);
    });
  };
  const addError = (error: PageError) => {
    if (errors.length < MOST && !errors.some(({ text }) => text === error.text)) errors.push(error);
  };
  const addRequest = (request: FailedRequest) => {
    const isKnown = requests.some(({ url, why }) => url === request.url && why === request.why);
    // Asked by the browser itself, whether there is one or not.
    const isIcon = request.url === `${origin}/favicon.ico`;
    if (requests.length < MOST && !isKnown && !isIcon) requests.push(request);
  };
  page.on('Page.loadEventFired', () => {
    isLoaded = true;
  });
  on('Network.requestWillBeSent', ({ requestId, request, type }) => {
    sent.set(String(requestId), { url: String(fieldsOf(request)['url']), type: String(type) });
    // What stays open on purpose is nothing to wait for.
    if (type !== 'EventSource' && type !== 'WebSocket' && type !== 'Ping') open.add(String(requestId));
  });
  on('Network.responseReceived', ({ requestId, response, type }) => {
    const { url, status: code } = fieldsOf(response);
    if (typeof code !== 'number') return;
    if (type === 'Document' && status === undefined) status = code;
    if (code >= 400) addRequest({ url: String(url), type: String(type), why: `status ${code}`, status: code });
    if (type === 'EventSource') open.delete(String(requestId));
  });
  on('Network.loadingFinished', ({ requestId }) => open.delete(String(requestId)));
  on('Network.loadingFailed', ({ requestId, errorText, canceled, blockedReason, type }) => {
    open.delete(String(requestId));
    if (canceled === true) return;
    const why = typeof blockedReason === 'string' ? `blocked (${blockedReason})` : String(errorText);
    const { url = '' } = sent.get(String(requestId)) ?? {};
    addRequest({ url, type: String(type), why, status: undefined });
  });
  page.on('Runtime.exceptionThrown', ({ exceptionDetails }) => {
    const { exception, text, url, lineNumber } = fieldsOf(exceptionDetails);
    const { description, value } = fieldsOf(exception);
    const said = typeof description === 'string' ? description : `${String(text)} ${valueText(value)}`;
    addError({ kind: 'exception', text: said.trim().slice(0, 2_000), place: placeText(url, lineNumber) });
  });
  page.on('Runtime.consoleAPICalled', ({ type, args, stackTrace }) => {
    if (type !== 'error' && type !== 'assert') return;
    const [frame] = itemsOf(fieldsOf(stackTrace)['callFrames']);
    const texts = itemsOf(args).map(({ value, description }) => valueText(value ?? description));
    const place = placeText(frame?.['url'], frame?.['lineNumber']);
    addError({ kind: 'console', text: texts.join(' ').slice(0, 2_000), place });
  });
  page.on('Log.entryAdded', ({ entry }) => {
    const { source, level, text, url, lineNumber } = fieldsOf(entry);
    // A failed request is told by the network already.
    if (level !== 'error' || source === 'network') return;
    const kind = source === 'security' || source === 'violation' ? 'policy' : 'console';
    addError({ kind, text: String(text).slice(0, 2_000), place: placeText(url, lineNumber) });
  });
  return {
    errors,
    requests,
    isLoaded: () => isLoaded,
    status: () => status,
    open: () => open.size,
    lastChange: () => changed,
  };
}

/** Counted in the page: what has a size, is not hidden, and would be seen by a person. */
const CONTENT = `(() => {
  const body = document.body;
  if (body === null) return { text: 0, elements: 0, emptyRoot: '' };
  const isShown = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && getComputedStyle(element).visibility !== 'hidden';
  };
  const elements = [...body.querySelectorAll('img,svg,canvas,video,input,button,select,textarea,iframe')].filter(isShown);
  const roots = ['#root', '#app', '#__next', '#__nuxt', '#svelte', 'app-root'];
  const found = roots.filter((root) => body.querySelector(root) !== null);
  const isEmpty = (root) => {
    const element = body.querySelector(root);
    return element.childElementCount === 0 && element.shadowRoot === null && element.textContent.trim() === '';
  };
  const emptyRoot = found.length > 0 && found.every(isEmpty) ? found[0] : '';
  return { text: body.innerText.trim().length, elements: elements.length, emptyRoot };
})()`;

/** @param limit milliseconds */
async function contentOf(page: PageSession, limit: number): Promise<Content | undefined> {
  try {
    const { result } = await page.send(
      'Runtime.evaluate',
      { expression: CONTENT, returnByValue: true },
      Math.max(100, limit),
    );
    const { text, elements, emptyRoot } = fieldsOf(fieldsOf(result)['value']);
    if (typeof text !== 'number' || typeof elements !== 'number') return undefined;
    return { text, elements, emptyRoot: String(emptyRoot) };
  } catch (error) {
    // The page is on its way to another address: it is asked again.
    if (error instanceof NoAnswer || /context|navigat/i.test(String(error))) return undefined;
    throw error;
  }
}

async function pictureOf(page: PageSession): Promise<Buffer | undefined> {
  try {
    const { data } = await page.send('Page.captureScreenshot', { format: 'png' });
    return typeof data === 'string' ? Buffer.from(data, 'base64') : undefined;
  } catch {
    // A page without a picture has been judged all the same.
    return undefined;
  }
}

function fieldsOf(value: unknown): Parameters {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Parameters) : {};
}

function itemsOf(value: unknown): readonly Parameters[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : shown(value, 500);
}

function placeText(url: unknown, line: unknown): string {
  if (typeof url !== 'string' || url === '') return '';
  return typeof line === 'number' ? `${withoutQuery(url)}:${line + 1}` : withoutQuery(url);
}

/** A query can hold a token. */
export function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0]?.slice(0, 300) ?? '';
}
