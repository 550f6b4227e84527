import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/scan/finding.ts';
import { layersOf } from '../../src/scan/layers.ts';
import { mergePlatforms } from '../../src/scan/merge.ts';
import { fitting, rowsOf, type ScanResult } from '../../src/scan/result.ts';
import { ageOf, scanSummary } from '../../src/scan/summary.ts';
import { imageText, parseImage } from '../../src/scan/target.ts';
import { lastWords, trivyEnvironment } from '../../src/scan/trivy.ts';
import { readTrivyReport } from '../../src/scan/trivy-report.ts';
import { upgradesFor } from '../../src/scan/upgrades.ts';
import { compareVersions, nearestFix } from '../../src/scan/versions.ts';
import { readScanResult } from './read-result.ts';

function finding(more: Partial<Finding> = {}): Finding {
  return {
    kind: 'vulnerability',
    id: 'CVE-1',
    title: 'title',
    severity: 'HIGH',
    target: 'api',
    platforms: [],
    place: 'package-lock.json',
    package: 'minimist',
    installed: '1.2.0',
    fixed: '1.2.6',
    ...more,
  };
}

function result(more: Partial<ScanResult> = {}): Omit<ScanResult, 'more'> {
  return {
    passed: false,
    reasons: ['PIPE-SCAN-012: red.'],
    counts: { critical: 0, high: 1, medium: 0, low: 0 },
    new: 1,
    targets: [
      { name: 'api', reference: 'api@sha256:1', platforms: ['linux/amd64'], system: 'debian 12.5', packages: 3 },
    ],
    baseline: 'no baseline',
    trivy: '0.70.0',
    database: '2026-11-21',
    rows: [],
    upgrades: [],
    exceptions: [],
    ...more,
  };
}

describe('versions', () => {
  it.each([
    ['1.2.0', '1.2.6'],
    ['1.9.0', '1.10.0'],
    ['1.2.0-rc.1', '1.2.0'],
    ['3.0.11-1~deb12u1', '3.0.11-1~deb12u3'],
    ['3.0.11~rc1', '3.0.11'],
    ['1.0~b', '1.0a'],
    ['9.9', '1:0.1'],
    ['1.2', '1.2.1'],
  ])('%s is before %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
  });

  it('have their nearest fix above what is installed', () => {
    expect(nearestFix('0.2.4, 1.2.6, 2.0.0', '1.2.0')).toBe('1.2.6');
    expect(nearestFix('0.2.4, 1.2.6', '0.2.0')).toBe('0.2.4');
    expect(nearestFix('', '1.0.0')).toBeUndefined();
    expect(nearestFix('1.0.0', '2.0.0')).toBeUndefined();
  });
});

describe('the upgrade that removes the most', () => {
  it('is counted over all findings of a package, to the highest version that one of them needs', () => {
    const findings = [
      finding({ id: 'A' }),
      finding({ id: 'B', fixed: '1.2.8' }),
      finding({ id: 'C', fixed: '1.2.7' }),
      finding({ id: 'D', package: 'other' }),
      finding({ id: 'E', fixed: '' }),
    ];
    expect(upgradesFor(findings)).toEqual([
      { what: 'minimist', to: '1.2.8', where: 'package-lock.json', removes: 3 },
      { what: 'other', to: '1.2.6', where: 'package-lock.json', removes: 1 },
    ]);
  });
});

describe('layers', () => {
  const CONFIGURATION = {
    rootfs: { diff_ids: ['sha256:a', 'sha256:b', 'sha256:c'] },
    history: [
      { created_by: '/bin/sh -c #(nop) ADD file:1 in / ' },
      { created_by: '/bin/sh -c #(nop)  CMD ["bash"]', empty_layer: true },
      { created_by: 'ENV A=b', empty_layer: true },
      { created_by: 'RUN |1 TOKEN=very-secret /bin/sh -c npm   ci # buildkit' },
      { created_by: 'COPY . . # buildkit' },
      { created_by: 'CMD ["node"]', empty_layer: true },
    ],
  };

  it('are named by their instruction, without build arguments, and told apart from the base’s', () => {
    expect([...layersOf(CONFIGURATION).values()]).toEqual([
      { instruction: 'ADD file:1 in /', isBase: true, number: 1, of: 3 },
      { instruction: 'RUN npm ci', isBase: false, number: 2, of: 3 },
      { instruction: 'COPY . .', isBase: false, number: 3, of: 3 },
    ]);
  });

  it('are only counted where the history does not fit them', () => {
    const squashed = { ...CONFIGURATION, rootfs: { diff_ids: ['sha256:a'] } };
    expect([...layersOf(squashed).values()]).toEqual([{ instruction: '', isBase: false, number: 1, of: 1 }]);
    expect(layersOf('nothing').size).toBe(0);
  });
});

describe('platforms', () => {
  it('share a finding that both have, and keep copies apart', () => {
    const both = finding({ platforms: ['linux/amd64'] });
    const merged = mergePlatforms([[both, both], [{ ...both, platforms: ['linux/arm64'] }]]);
    expect(merged.map(({ platforms }) => platforms)).toEqual([['linux/amd64', 'linux/arm64'], ['linux/amd64']]);
  });
});

describe('an image', () => {
  const DIGEST = `sha256:${'a'.repeat(64)}`;

  it.each([
    [`ghcr.io/acme/api@${DIGEST}`, `ghcr.io/acme/api@${DIGEST}`],
    [`127.0.0.1:5000/a/b:tag@${DIGEST}`, `127.0.0.1:5000/a/b@${DIGEST}`],
    [`node@${DIGEST}`, `docker.io/library/node@${DIGEST}`],
    [`acme/api@${DIGEST}`, `docker.io/acme/api@${DIGEST}`],
  ])('%s is known by its digest', (text, expected) => {
    expect(imageText(parseImage(text))).toBe(expected);
  });

  it.each([
    'ghcr.io/acme/api',
    'ghcr.io/acme/api:1',
    `ghcr.io/Acme/api@${DIGEST}`,
    `--help@${DIGEST}`,
    `a b@${DIGEST}`,
    `ghcr.io/../api@${DIGEST}`,
  ])('%s is none', (text) => {
    expect(() => parseImage(text)).toThrow(/^PIPE-SCAN-001/);
  });
});

describe('Trivy', () => {
  it('is quoted with its last errors, without colours and times', () => {
    const output =
      '2026-11-21T10:00:00Z\tINFO\tfine\n2026-11-21T10:00:01Z\t\u001b[31mFATAL\u001b[0m\tFatal error\trun error: scan failed: 1 error occurred:\n\t* no space left on device\n\n';
    expect(lastWords(output)).toBe('run error: scan failed: 1 error occurred: * no space left on device');
    expect(lastWords('panic: a\n\ngoroutine 1\nmain.go:1\n')).toBe('panic: a goroutine 1 main.go:1');
  });

  it('gets no option by the environment, and no token of the runner', () => {
    const environment = {
      PATH: '/bin',
      trivy_severity: 'LOW',
      TRIVY_PASSWORD: 'x',
      GITHUB_TOKEN: 'x',
      ACTIONS_RUNTIME_TOKEN: 'x',
      HTTPS_PROXY: 'p',
    };
    expect(trivyEnvironment(environment, { DOCKER_CONFIG: '/d' })).toEqual({
      PATH: '/bin',
      HTTPS_PROXY: 'p',
      CI: 'true',
      DOCKER_CONFIG: '/d',
    });
  });

  it.each(['', '{', '[]', '{"SchemaVersion":3,"ArtifactName":"a"}', '{"SchemaVersion":2}'])(
    'has its report %s refused',
    (text) => {
      expect(() => readTrivyReport(text, { target: 'a', platform: undefined, folder: '.' })).toThrow(/^PIPE-SCAN-009/);
    },
  );

  it('may write anything else into a report', () => {
    const strange = {
      SchemaVersion: 2,
      ArtifactName: 'a',
      Metadata: 7,
      Results: [
        null,
        3,
        { Target: 5, Vulnerabilities: 'x', Packages: [{}] },
        { Vulnerabilities: [{ Severity: 'odd' }] },
      ],
    };
    const { findings } = readTrivyReport(JSON.stringify(strange), { target: 'a', platform: undefined, folder: '.' });
    expect(findings.map(({ severity }) => severity)).toEqual(['UNKNOWN']);
  });
});

describe('the result', () => {
  it('fits into its output however much was found, the worst first', () => {
    const findings = Array.from({ length: 5_000 }, (_, number) =>
      finding({ id: `CVE-${number}`, title: 'ü'.repeat(400) }),
    );
    const rows = rowsOf([
      { finding: finding({ id: 'known' }), verdict: 'known' },
      ...findings.map((each) => ({ finding: each, verdict: 'fails' as const })),
      { finding: finding({ id: 'passes' }), verdict: 'passes' },
    ]);
    const fitted = fitting({ ...result(), rows });
    expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(32 * 1024);
    expect(fitted.rows[0]?.id).toBe('CVE-0');
    expect(fitted.rows.length + fitted.more).toBe(5_001);
    expect(readScanResult(JSON.stringify(fitted))).toEqual(JSON.parse(JSON.stringify(fitted)));
  });

  it.each([
    ['no JSON', 'x'],
    ['another shape', '{"passed":true}'],
    ['a row that is none', JSON.stringify({ ...result(), more: 0, rows: [{ verdict: 'fails' }] })],
    ['a count that is none', JSON.stringify({ ...result(), more: -1 })],
    ['too long', JSON.stringify({ ...result({ baseline: 'x'.repeat(70_000) }), more: 0 })],
  ])('is not read from %s', (_, text) => {
    expect(readScanResult(text)).toBeUndefined();
  });

  it('is shown with nothing in it that marks up, mentions or links', () => {
    const hostile = '<b>x</b> @org [a](http://b) | `c` \n# d ::error::e';
    const row = {
      verdict: 'fails',
      severity: hostile,
      id: hostile,
      title: hostile,
      target: hostile,
      place: hostile,
      package: hostile,
      installed: hostile,
      fixed: hostile,
      from: hostile,
      url: 'javascript:alert(1)',
      since: hostile,
    } as const;
    const exception = { id: hostile, place: hostile, expiry: hostile, statement: hostile, findings: 1 };
    const upgrade = { what: hostile, to: hostile, where: hostile, removes: 1 };
    const target = { name: hostile, reference: hostile, platforms: [hostile], system: hostile, packages: 1 };
    const full = {
      ...result({
        rows: [row],
        exceptions: [exception],
        upgrades: [upgrade],
        targets: [target],
        baseline: hostile,
        reasons: [hostile],
      }),
      more: 0,
    };
    const shownText = scanSummary(full, '2026-11-21');
    for (const mark of ['<b>', '@org', '[a]', '`c`', '\n# d', 'javascript:alert(1))'])
      expect(shownText).not.toContain(mark);
    const lines = shownText.split('\n').filter((line) => line.startsWith('| ') && line.includes('fails'));
    expect(lines[0]?.split(' | ')).toHaveLength(7);
  });

  it('says ages in days', () => {
    expect(ageOf('2026-11-01', '2026-11-21')).toBe('since 2026-11-01 (20 days)');
    expect(ageOf('2026-11-20', '2026-11-21')).toBe('since 2026-11-20 (1 day)');
    expect(ageOf('nonsense', '2026-11-21')).toBe('since nonsense');
  });
});
