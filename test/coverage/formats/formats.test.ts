import { expect, test } from 'vitest';
import { partialLines } from '../../../src/coverage/partial.ts';
import { merge, parse, totals, visible } from './parse.ts';

const count = (covered: number, total: number) => ({ covered, total });

/** What one report says: totals, and the lines of its only file that ran. */
async function read(content: string): Promise<{ totals: unknown; ran: number[]; paths: string[] }> {
  const { files } = await parse(content);
  const [units] = files.values();
  const lines = [...(units?.lines ?? [])];
  return {
    totals: totals(files),
    ran: lines.filter((_, at) => units?.hits[at] === 1),
    paths: [...files.keys()],
  };
}

test('lcov: checksums, counts of any form, lines out of order, carriage returns', async () => {
  const text =
    'TN:x\nSF:C:\\a b.c\nDA:9,0\nDA:2,12,abc==\nDA:3,0,9\nDA:4,-7\nDA:5,1e+06\nDA:0,1\nDA:9,99999999999999999999\nend_of_record\n';
  expect(await read(text.replaceAll('\n', '\r\n'))).toEqual({
    totals: { lines: count(3, 5) },
    ran: [2, 5, 9],
    paths: ['C:\\a b.c'],
  });
});

test('lcov: functions of one name go by their order, FNL and FNA by their index', async () => {
  const old = 'SF:a\nFN:1,3,f\nFN:5,f\nFN:9,g,h\nFNDA:0,f\nFNDA:2,f\nFNDA:1,g,h\nend_of_record\n';
  expect((await read(old)).totals).toEqual({ functions: count(2, 3) });
  const mixed = 'SF:a\nFN:1,f\nFNDA:1,f\nFN:5,g\nFNDA:0,g\nFN:7,ü\nFNDA:3,ü\nend_of_record\n';
  expect((await read(mixed)).totals).toEqual({ functions: count(2, 3) });
  const indexed = 'SF:a\nFNL:0,1,4\nFNA:0,0,f\nFNA:0,3,alias\nFNL:1,6\nFNA:1,0,g\nend_of_record\n';
  expect((await read(indexed)).totals).toEqual({ functions: count(1, 2) });
});

test('lcov: branches are known by line, block and branch, whatever these are', async () => {
  const text = 'SF:a\nBRDA:3,0,0,1\nBRDA:3,e1,a, b,-\nBRDA:3,e1,a,b),2\nBRDA:1,0,0,0\nBRDA:1,0,0,4\nend_of_record\n';
  expect((await read(text)).totals).toEqual({ branches: count(3, 4) });
});

test('lcov: sums count where there are no records, and one file in several sections is one', async () => {
  expect((await read('SF:a\nLF:9\nLH:4\nBRF:2\nBRH:3\nFNF:0\nend_of_record\n')).totals).toEqual({
    lines: count(4, 9),
    branches: count(2, 2),
  });
  const sections = 'TN:one\nSF:a\nDA:1,0\nDA:2,1\nend_of_record\nTN:two\nSF:a\nDA:1,1\nend_of_record\n';
  expect((await read(sections)).totals).toEqual({ lines: count(2, 2) });
});

test('istanbul: what no test loaded gives way to a report that knows the file', async () => {
  const maps = (all: boolean, lines: number, hit: number) =>
    JSON.stringify({
      'a.js': {
        path: 'a.js',
        all,
        s: Object.fromEntries(Array.from({ length: lines }, (_, at) => [at, hit])),
        statementMap: Object.fromEntries(
          Array.from({ length: lines }, (_, at) => [
            at,
            { start: { line: at + 1, column: 0 }, end: { line: at + 1, column: null } },
          ]),
        ),
        branchMap: { 0: { type: 'branch', line: 1, locations: [{ start: { line: 1, column: -1 }, end: {} }] } },
        b: { 0: [hit] },
        fnMap: {},
        f: {},
      },
    });
  const [loaded, made] = [await parse(maps(false, 3, 1)), await parse(maps(true, 9, 0))];
  for (const merged of [merge(loaded.files, made.files), merge(made.files, loaded.files)])
    expect(visible(merged)).toEqual(visible(loaded.files));
  expect(totals(made.files)).toMatchObject({ statements: count(0, 9), branches: count(0, 1) });
});

test('istanbul: entries in another order than their places are brought together by number', async () => {
  const place = (line: number) => `{"end":{"column":1,"line":${line}},"start":{"line":${line},"column":0}}`;
  const text = `{ "a.js" : {"b":{},"f":{},"s":{"x":0,"7":4 , "2":0},"fnMap":{},"branchMap":{},
    "statementMap":{"2":${place(20)},"7":${place(70)},"x":${place(5)}} } }`;
  expect(await read(text)).toEqual({
    totals: { lines: count(1, 3), statements: count(1, 3) },
    ran: [70],
    paths: ['a.js'],
  });
});

test('cobertura: lines of methods stand in for those of the class, comments and CDATA are no lines', async () => {
  const text = `<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "coverage-04.dtd"><coverage line-rate='1'><sources><source>/x</source></sources>
    <packages><package><classes><class filename='a&amp;b.cs'><methods>
    <method name="&lt;init&gt;" signature="()"><lines><line number="3" hits="1"/><line hits="0" number="4"/></lines></method>
    <method name="n" signature=""><lines><line number="9" hits="0"/></lines></method></methods>
    <lines><!-- <line number="1" hits="1"/> --><![CDATA[ <line number="1" hits="1"/> ]]></lines></class></classes></package></packages></coverage>`;
  expect(await read(text)).toEqual({
    totals: { lines: count(1, 3), functions: count(1, 2) },
    ran: [3],
    paths: ['a&b.cs'],
  });
});

test('cobertura: a line is read alike in every way to write it', async () => {
  const lines = [
    '<line number="1" hits="3"/>',
    "<line number='2' hits='1'/>",
    '<line\n number="3"   hits="1"  />',
    '<line number="4" hits="1"></line>',
    '<line hits="0" branch="true" condition-coverage="50% (1/2)" number="5"/>',
    '<line number="6" hits="0" branch="true" condition-coverage=" 50,0 % (2/4) "><conditions><condition number="0"/></conditions></line>',
    '<line number=" 7 " hits="&#49;"/>',
  ];
  const text = `<coverage line-rate="1"><packages><package><classes><class filename="a"><lines>${lines.join('\n')}</lines></class></classes></package></packages></coverage>`;
  expect(await read(text)).toEqual({
    totals: { lines: count(5, 7), branches: count(3, 6) },
    ran: [1, 2, 3, 4, 7],
    paths: ['a'],
  });
});

test("clover: PHPUnit's methods are no lines, and a class's numbers are not those of its file", async () => {
  const text = `<?xml version="1.0"?><coverage generated="1"><project timestamp="1"><file name="/app/A.php">
    <class name="A"><metrics statements="1" coveredstatements="0"/></class>
    <line num="3" type="method" name="f" count="0"/><line num="5" type="stmt" count="2"/><line num="6" type="stmt" count="0"/>
    <metrics loc="9" methods="1" coveredmethods="0" conditionals="0" coveredconditionals="0" statements="2" coveredstatements="1"/>
    </file><metrics files="1" statements="99"/></project></coverage>`;
  expect(await read(text)).toEqual({
    totals: { lines: count(1, 2), statements: count(1, 2), functions: count(0, 1) },
    ran: [5],
    paths: ['/app/A.php'],
  });
});

test('clover: what a line says of its conditions is read as its producer means it', async () => {
  const text = (root: string, conditionals: string) => `<coverage ${root}><project timestamp="1"><file path="a.ts">
    <metrics statements="4" coveredstatements="3" ${conditionals}/>
    <line num="1" count="3" type="cond" truecount="2" falsecount="0"/>
    <line num="2" count="3" type="cond" truecount="1" falsecount="1"/>
    <line num="3" count="0" type="cond" falsecount="2"  truecount="0"/><line num="4" count="1" type="stmt"/>
    </file></project></coverage>`;
  const parts = async (report: string) => {
    const { files } = await parse(report);
    const [units] = files.values();
    if (units === undefined) throw new Error('no file');
    const { lines = new Uint32Array(), hits } = units;
    return {
      parts: partialLines({ path: 'a.ts', counts: {}, lines, hits, parts: units }),
      totals: totals(files).branches,
    };
  };
  const istanbul = 'generated="1" clover="3.2.0"';
  // A default of a parameter, which istanbul counts on no line.
  expect(await parts(text(istanbul, 'conditionals="7" coveredconditionals="4"'))).toEqual({
    parts: [{ line: 2, part: 'branch', covered: 1, total: 2 }],
    totals: count(4, 7),
  });
  expect(await parts(text('generated="1" clover="4.5.2"', 'conditionals="6" coveredconditionals="4"'))).toEqual({
    parts: [{ line: 1, part: 'branch', covered: 1, total: 2 }],
    totals: count(4, 6),
  });
  // Lines that can't be what the file counts say nothing.
  expect(await parts(text(istanbul, 'conditionals="5" coveredconditionals="1"'))).toEqual({
    parts: [],
    totals: count(1, 5),
  });
});

test('JaCoCo: groups, code without lines, and two classes in one file', async () => {
  const method = (name: string, covered: number) =>
    `<method name="${name}" desc="()V"><counter type="METHOD" missed="${1 - covered}" covered="${covered}"/></method>`;
  const text = `<?xml version="1.0"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="all"><group name="api"><package name="com/acme">
    <class name="com/acme/A" sourcefilename="A.java">${method('f', 1)}</class><class name="com/acme/A$B" sourcefilename="A.java">${method('f', 0)}</class>
    <sourcefile name="A.java"><line nr="3" mi="1" ci="4" mb="1" cb="1"/><line nr="4" mi="2" ci="0" mb="0" cb="0"/>
    <counter type="INSTRUCTION" missed="8" covered="4"/><counter type="BRANCH" missed="1" covered="1"/></sourcefile></package></group></report>`;
  expect(await read(text)).toEqual({
    totals: { lines: count(1, 2), statements: count(4, 12), functions: count(1, 2), branches: count(1, 2) },
    ran: [3],
    paths: ['com/acme/A.java'],
  });
});

test('Go: a block that several packages report is one, and its lines are run when any block on them is', async () => {
  const text = 'mode: atomic\na.go:1.10,3.2 2 0\na.go:3.5,4.2 1 7\na.go:1.10,3.2 2 1\nb:c.go:1.1,1.2 1 0\n';
  expect((await read(text)).totals).toEqual({ lines: count(4, 5), statements: count(3, 4) });
});

test('numbers without places are never taken for more than what both saw', async () => {
  const summary = (covered: number) =>
    `{"total":{"lines":{"total":4,"covered":4}},"a.js":{"lines":{"total":4,"covered":${covered},"skipped":0,"pct":50}}}`;
  const [one, other] = [await parse(summary(2)), await parse(summary(3))];
  expect(totals(merge(one.files, other.files))).toEqual({ lines: count(3, 4) });
  const places = await parse('SF:a.js\nDA:1,1\nDA:2,0\nDA:3,0\nDA:4,0\nend_of_record\n');
  expect(totals(merge(one.files, places.files))).toEqual({ lines: count(2, 4) });
  const shorter = await parse('SF:a.js\nDA:1,1\nend_of_record\n');
  expect(totals(merge(one.files, shorter.files))).toEqual({ lines: count(1, 1) });
});
