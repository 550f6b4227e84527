import { NOTHING } from '../merge.ts';
import type { Count, Counts } from '../types.ts';
import type { Format, Take } from './format.ts';
import { clearLines, collectLines, LAST_LINE, putLine, takeLines } from './lines.ts';
import type { Source } from './source.ts';
import { numberOf, readXml, rootOf } from './xml.ts';
import type { Attributes } from './xml-shapes.ts';

/**
 * Clover's XML, as istanbul, PHPUnit and OpenClover write it. Lines are its `stmt` and `cond` lines. Statements,
 * branches (`conditionals`) and functions (`methods`) are the numbers of a file's own `metrics`: what a line says of
 * its conditions means something else to each producer, so these merge as numbers. istanbul writes its lines as statements.
 */
export const clover: Format = {
  name: 'clover',
  title: 'clover',
  recognises: (head) => {
    const root = rootOf(head);
    return root?.name === 'coverage' && /<project\b/.test(root.rest);
  },
  read: readClover,
};

async function readClover(source: Source, take: Take): Promise<void> {
  await readXml(source, 'clover', ({ enough, wrong, line: lineOf }) => {
    const lines = collectLines();
    let path: string | undefined;
    let counts: Counts = {};
    const openLine = (attributes: Attributes) => {
      if (path === undefined || attributes['type'] === 'method') return;
      const line = lineOf(attributes, 'num');
      if (line > 0) putLine(lines, line, /^\s*\d*[1-9]/.test(attributes['count'] ?? '') ? 1 : 0);
    };
    const openFile = (attributes: Attributes) => {
      path = attributes['path'] ?? attributes['name'] ?? '';
      if (path === '') throw wrong('a file without path or name');
      clearLines(lines);
      counts = {};
    };
    const closeFile = () => {
      const units = { ...NOTHING, ...takeLines(lines), counts };
      if (path !== undefined && !take({ path, roots: [], units })) enough();
      path = undefined;
    };
    const openMetrics = (attributes: Attributes, parent: string | undefined) => {
      if (parent === 'file') counts = countsOf(attributes, wrong);
    };
    return {
      open: new Map<string, (attributes: Attributes, parent: string | undefined) => void>([
        ['line', openLine],
        ['file', openFile],
        ['metrics', openMetrics],
      ]),
      close: new Map([['file', closeFile]]),
      leaves: [
        {
          name: 'line',
          // What has another type, or none, is left to the parser.
          numbers: ({ attributes: { type }, run }) =>
            type === 'stmt' || type === 'cond' ? [run('num'), run('count')] : undefined,
          read: (numbers) => {
            const line = numbers[0] as number;
            if (line > LAST_LINE) return false;
            if (path !== undefined && line > 0) putLine(lines, line, (numbers[1] as number) > 0 ? 1 : 0);
            return true;
          },
        },
      ],
    };
  });
}

function countsOf(attributes: Attributes, wrong: (what: string) => Error): Counts {
  const count = (all: string, covered: string): Count | undefined => {
    const total = numberOf(attributes[all], -1);
    if (total === -1) return undefined;
    const run = numberOf(attributes[covered], 0);
    if (Number.isNaN(total) || Number.isNaN(run)) throw wrong(`${all} or ${covered} is no number`);
    return { total, covered: Math.min(total, run) };
  };
  const [statements, branches, functions] = [
    count('statements', 'coveredstatements'),
    count('conditionals', 'coveredconditionals'),
    count('methods', 'coveredmethods'),
  ];
  return {
    ...(statements === undefined ? {} : { statements }),
    ...(branches === undefined ? {} : { branches }),
    ...(functions === undefined ? {} : { functions }),
  };
}
