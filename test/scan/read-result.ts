import { isMap } from '../../src/runtime/yaml.ts';
import type { ScanResult } from '../../src/scan/result.ts';

const VERDICTS: readonly ScanResult['rows'][number]['verdict'][] = ['fails', 'debt', 'published', 'known'];

/** The output `result` as docs say it, read by its form alone. @returns undefined when it is not of the form */
export function readScanResult(text: string): ScanResult | undefined {
  if (text.length > 65_536) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isMap(parsed) || typeof parsed['passed'] !== 'boolean') return undefined;
  const texts = ['baseline', 'trivy', 'database'].every((key) => typeof parsed[key] === 'string');
  const numbers = [parsed['new'], parsed['more'], ...Object.values(isMap(parsed['counts']) ? parsed['counts'] : {})];
  const isWhole =
    texts &&
    numbers.length === 6 &&
    numbers.every((value) => typeof value === 'number' && Number.isInteger(value) && value >= 0) &&
    ['critical', 'high', 'medium', 'low'].every((name) => isMap(parsed['counts']) && name in parsed['counts']) &&
    isList(parsed['reasons'], (item) => typeof item === 'string') &&
    isList(parsed['targets'], isTarget) &&
    isList(parsed['rows'], isRow) &&
    isList(parsed['upgrades'], (item) => hasTexts(item, ['what', 'where'], ['to']) && isCount(item, 'removes')) &&
    isList(
      parsed['exceptions'],
      (item) => hasTexts(item, ['id', 'statement', 'place'], ['expiry']) && isCount(item, 'findings'),
    );
  return isWhole ? (parsed as unknown as ScanResult) : undefined;
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= 5_000 && value.every(isItem);
}

function isTarget(item: unknown): boolean {
  return (
    hasTexts(item, ['name', 'reference', 'system'], []) &&
    isCount(item, 'packages') &&
    isMap(item) &&
    isList(item['platforms'], (platform) => typeof platform === 'string')
  );
}

function isRow(item: unknown): boolean {
  const optional = ['package', 'installed', 'fixed', 'from', 'url', 'since'];
  return (
    hasTexts(item, ['severity', 'id', 'title', 'target', 'place', 'verdict'], optional) &&
    isMap(item) &&
    VERDICTS.some((verdict) => verdict === item['verdict'])
  );
}

function hasTexts(item: unknown, required: readonly string[], optional: readonly string[]): boolean {
  if (!isMap(item)) return false;
  return (
    required.every((key) => typeof item[key] === 'string') &&
    optional.every((key) => item[key] === undefined || typeof item[key] === 'string')
  );
}

function isCount(item: unknown, key: string): boolean {
  return isMap(item) && typeof item[key] === 'number' && Number.isInteger(item[key]) && item[key] >= 0;
}
