import { NOTHING } from '../merge.ts';
import { type Count, type Counts, METRICS, type Metric } from '../types.ts';
import type { Format } from './format.ts';
import { eachEntry } from './istanbul.ts';
import { skipValue, takeObject, takeWhole, wrongJson } from './json.ts';
import type { Source } from './source.ts';

/**
 * istanbul's coverage-summary.json (`json-summary`): numbers for each file, without places. Of two of them the larger
 * number counts, and there are no lines, so changed lines can't be judged by it. Its `total` is not read: files are.
 */
export const istanbulSummary: Format = {
  name: 'istanbul-summary',
  title: 'istanbul summary',
  recognises: (head) =>
    /^\s*\{/.test(head) && /"(?:lines|statements|functions|branches)"\s*:\s*\{\s*"total"\s*:/.test(head),
  read: (source, take) =>
    eachEntry(source, (key) => {
      if (key === 'total') {
        skipValue(source);
        return true;
      }
      return take({ path: key, roots: [], units: { ...NOTHING, counts: takeCounts(source) } });
    }),
};

function takeCounts(source: Source): Counts {
  const counts: Partial<Record<Metric, Count>> = {};
  takeObject(source, (key) => {
    const metric = METRICS.find((name) => name === key);
    if (metric === undefined) skipValue(source);
    else counts[metric] = takeCount(source);
  });
  return counts;
}

function takeCount(source: Source): Count {
  let [total, covered] = [-1, -1];
  takeObject(source, (key) => {
    if (key === 'total') total = takeWhole(source);
    else if (key === 'covered') covered = takeWhole(source);
    else skipValue(source);
  });
  if (total < 0 || covered < 0 || covered > total) throw wrongJson(source, 'total and covered are no counts');
  return { total, covered };
}
