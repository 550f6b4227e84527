import type { Injection } from '../support/cloud-faults.ts';
import type { CloudRequest } from '../support/cloud-proxy.ts';

/** One call of a run, known again in the next one. */
export interface Call {
  readonly label: string;
  /** How many calls of that label came before it in the run. */
  readonly before: number;
}

type Address = Pick<CloudRequest, 'method' | 'host' | 'path'>;

/** Method and address with `*` for what is another one each time: a part with digits in it that is no version. */
function labelOf({ method, host, path }: Address): string {
  const isName = (part: string) => /\d/.test(part) && !/^v\d+(?:(?:alpha|beta)\d+)?$/.test(part);
  const plain = (text: string, separator: RegExp) =>
    text
      .split(separator)
      .map((part) => (isName(part) ? '*' : part))
      .join('');
  return `${method} ${plain(host, /(\.)/)}${plain(path, /([/:])/)}`;
}

/** Writes down the calls that come. */
export function recorder(): { readonly calls: readonly Call[]; readonly see: (request: CloudRequest) => undefined } {
  const calls: Call[] = [];
  return {
    calls,
    see: (request) => {
      const label = labelOf(request);
      calls.push({ label, before: calls.filter((call) => call.label === label).length });
      return undefined;
    },
  };
}

/**
 * Has something happen to a call each time it comes, or from then on to all of its kind.
 *
 * @param reached is told when it does
 */
export function planAt(
  call: Call,
  injection: Injection,
  lasts: 'once' | 'always',
  reached: () => void,
): (request: CloudRequest) => Injection | undefined {
  let seen = 0;
  return (request) => {
    if (labelOf(request) !== call.label) return undefined;
    seen += 1;
    const isIt = lasts === 'once' ? seen === call.before + 1 : seen > call.before;
    if (isIt) reached();
    return isIt ? injection : undefined;
  };
}

/** Whether a request is one of a label. */
export function isCallOf(label: string, request: { readonly method?: string; readonly url: string }): boolean {
  if (!URL.canParse(request.url)) return false;
  const { host, pathname } = new URL(request.url);
  return labelOf({ method: request.method ?? 'GET', host, path: pathname }) === label;
}
