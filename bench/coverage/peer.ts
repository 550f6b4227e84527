import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * `node peer.ts node_modules form report…`: reads reports with the package that people use for them, sums what it found
 * and prints the totals, in the form of read.ts. Nothing is written by a peer that it would not do in use. Instead of a
 * form: `bytes`, `JSON.parse` or `sax`, what readers of any kind, of JSON or of XML need at least.
 */
const [, , modules = '', form = '', ...reports] = process.argv;
const require = createRequire(join(modules, 'x.js'));

interface Runs {
  readonly details: readonly { readonly hit: number }[];
}

/** A source file, as the parsers of lcov, cobertura and clover give it; those of XML know no branches. */
interface Section {
  readonly lines: Runs;
  readonly branches?: Runs;
  readonly functions: Runs;
}

const PEERS: Readonly<Record<string, () => Promise<unknown>>> = {
  'coverage-final.json': async () => {
    const { createCoverageMap } = require('istanbul-lib-coverage') as {
      createCoverageMap: (data: unknown) => {
        merge: (data: unknown) => void;
        getCoverageSummary: () => { toJSON: () => Record<string, unknown> };
      };
    };
    const map = createCoverageMap({});
    for (const report of reports) map.merge(JSON.parse(await readFile(report, 'utf8')));
    return map.getCoverageSummary().toJSON();
  },
  'JSON.parse': async () => {
    let files = 0;
    for (const report of reports) files += Object.keys(JSON.parse(await readFile(report, 'utf8')) as object).length;
    return { files };
  },
  bytes: async () => {
    let length = 0;
    const window = Buffer.alloc(1024 * 1024);
    for (const report of reports) {
      const file = await open(report);
      for (let read = -1; read !== 0; length += read) read = (await file.read(window, 0, window.length)).bytesRead;
      await file.close();
    }
    return { length };
  },
  sax: async () => {
    const { default: sax } = await import('sax');
    const parser = sax.parser(true, { position: false });
    let elements = 0;
    parser.onopentag = () => {
      elements += 1;
    };
    for (const report of reports)
      for await (const text of createReadStream(report, 'utf8')) parser.write(text as string);
    return { elements };
  },
  'lcov.info': async () => {
    const path = join(modules, '@friedemannsommer/lcov-parser/dist/index.mjs');
    const { lcovParser } = (await import(pathToFileURL(path).href)) as {
      lcovParser: (options: { from: Buffer }) => Promise<readonly Section[]>;
    };
    const sections = await lcovParser({ from: await readFile(reports[0] ?? '') });
    return summed(sections);
  },
  'cobertura-coverage.xml': async () => sumOfSections('@cvrg-report/cobertura-json'),
  'clover.xml': async () => sumOfSections('@cvrg-report/clover-json'),
};

async function sumOfSections(name: string): Promise<unknown> {
  const { parseFile } = require(name) as { parseFile: (path: string) => Promise<readonly Section[]> };
  const sections = await parseFile(reports[0] ?? '');
  return summed(sections);
}

function summed(sections: readonly Section[]): unknown {
  const sum = (metric: 'lines' | 'branches' | 'functions') => {
    let [covered, total] = [0, 0];
    for (const section of sections)
      for (const { hit } of section[metric]?.details ?? []) {
        total += 1;
        if (hit > 0) covered += 1;
      }
    return total === 0 ? undefined : { covered, total };
  };
  return { lines: sum('lines'), branches: sum('branches'), functions: sum('functions') };
}

const totals = await PEERS[form]?.();
console.log(JSON.stringify({ totals, peak: process.resourceUsage().maxRSS * 1024 }));
