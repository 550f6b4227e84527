import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installJacoco, installPythonProducers } from '../../../tools/coverage/install.ts';
import { temporaryFolder, writeFiles } from '../../support/temporary.ts';
import { partsOf, read, runProgram } from './project.ts';

test('coverage.py has in its cobertura and its lcov the totals of its own JSON', async () => {
  const bin = await installPythonProducers();
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'shop/__init__.py': '',
    'shop/price.py': `def price(amount, discount=0, currency=None):
    if amount < 0:
        raise ValueError("below 0")
    reduced = amount - discount if discount else amount
    if currency == "JPY":
        return round(reduced)
    elif currency:
        return round(reduced, 2)
    for _ in range(2):
        reduced += 0
    return reduced


class Basket:
    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)
        while len(self.items) > 2:
            self.items.pop()
`,
    'shop/unused.py': 'def never():\n    return [n for n in range(3) if n]\n',
    'test_price.py': `from shop.price import Basket, price


def test_price():
    assert price(10, 1, "EUR") == 9
    assert price(3) == 3
    Basket().add(1)
`,
  });
  const args = ['-q', '--cov=shop', '--cov-branch', '--cov-report=xml', '--cov-report=lcov', '--cov-report=json'];
  await runProgram(join(bin, 'python'), ['-m', 'pytest', ...args], folder);
  const { totals, files } = JSON.parse(await readFile(join(folder, 'coverage.json'), 'utf8')) as {
    totals: Record<string, number>;
    files: Record<string, { executed_lines: number[]; missing_branches: [number, number][] }>;
  };
  const printed = {
    lines: { covered: totals['covered_lines'], total: totals['num_statements'] },
    branches: { covered: totals['covered_branches'], total: totals['num_branches'] },
  };
  const cobertura = await read(folder, ['coverage.xml']);
  expect(cobertura.totals).toEqual(printed);
  expect([...cobertura.files.keys()]).toEqual(['shop/__init__.py', 'shop/price.py', 'shop/unused.py']);
  const lcov = await read(folder, ['coverage.lcov']);
  expect(lcov.totals).toMatchObject(printed);
  expect((await read(folder)).totals.lines).toEqual(printed.lines);
  const missed = Object.entries(files).flatMap(([path, file]) =>
    [...new Set(file.missing_branches.map(([line]) => line))]
      .filter((line) => file.executed_lines.includes(line))
      .map((line) => `${path}:${line} branch 1/2`),
  );
  expect(missed.length).toBeGreaterThan(2);
  expect(partsOf(cobertura)).toEqual(missed);
  expect(partsOf(lcov)).toEqual(missed);
});

test('go tool cover prints the share of statements that is read from its profile', async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'services/api/go.mod': 'module example.com/acme/api\n\ngo 1.21\n',
    'services/api/price.go': `package api

import "errors"

func Price(amount, discount int, currency string) (int, error) {
	if amount < 0 {
		return 0, errors.New("below 0")
	}
	switch currency {
	case "JPY":
		return amount, nil
	case "EUR":
		amount -= discount
		if amount > 100 { amount = 100 }
	}
	return amount, nil
}
`,
    'services/api/price_test.go': `package api

import "testing"

func TestPrice(t *testing.T) {
	if price, err := Price(10, 1, "EUR"); err != nil || price != 9 {
		t.Fatal(price, err)
	}
}
`,
    'services/api/names/names.go': `package names

func First(name string) string {
	for index, letter := range name {
		if letter == ' ' {
			return name[:index]
		}
	}
	return name
}
`,
  });
  const module = join(folder, 'services/api');
  const env = { GOCACHE: join(folder, '.cache'), GOFLAGS: '-mod=mod' };
  await runProgram('go', ['test', '-coverpkg=./...', '-coverprofile=coverage.out', './...'], module, env);
  const printed = await runProgram('go', ['tool', 'cover', '-func=coverage.out'], module, env);
  const coverage = await read(folder, ['services/api/coverage.out']);
  const { totals, files } = coverage;
  // The one block that begins and ends on a line that another block has run.
  expect(partsOf(coverage)).toEqual(['services/api/price.go:14 statement 0/1']);
  expect([...files.keys()]).toEqual(['services/api/names/names.go', 'services/api/price.go']);
  const { covered, total } = totals.statements ?? { covered: 0, total: 1 };
  expect(printed).toContain(`(statements)\t\t\t${((100 * covered) / total).toFixed(1)}%`.replace(/\t+/, '\t'));
});

test('JaCoCo has in its XML the counters of its CSV', async () => {
  const { agent, cli } = await installJacoco();
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'app/src/main/java/com/acme/Price.java': `package com.acme;

import java.util.List;

public class Price {
  private final int amount;

  public Price(int amount) {
    this.amount = amount;
  }

  public int reduced(int discount) {
    if (amount < 0 || discount < 0) throw new IllegalArgumentException();
    return discount > amount ? 0 : amount - discount;
  }

  public static int sum(List<Price> all) {
    return all.stream().mapToInt(price -> price.amount).filter(amount -> amount > 1).sum();
  }

  static class Never {
    int unused() {
      return 1;
    }
  }

  enum Currency { EUR, JPY }

  record Pair(int left, int right) {}
}
`,
    'app/src/main/java/com/acme/Main.java': `package com.acme;

import java.util.List;

public class Main {
  public static void main(String[] args) {
    System.out.println(new Price(10).reduced(1));
    if (args.length > 0) System.out.println(Price.sum(List.of(new Price(1))));
  }
}
`,
  });
  const sources = ['Price', 'Main'].map((name) => `app/src/main/java/com/acme/${name}.java`);
  await runProgram('javac', ['-g', '-d', 'classes', ...sources], folder);
  await runProgram('java', [`-javaagent:${agent}=destfile=run.exec`, '-cp', 'classes', 'com.acme.Main'], folder);
  const places = ['--classfiles', 'classes', '--sourcefiles', 'app/src/main/java'];
  const outputs = ['--xml', 'jacoco.xml', '--csv', 'jacoco.csv', '--html', 'page'];
  await runProgram('java', ['-jar', cli, 'report', 'run.exec', ...places, ...outputs], folder);
  const [header = '', ...rows] = (await readFile(join(folder, 'jacoco.csv'), 'utf8')).trim().split('\n');
  const sum = (name: string) =>
    rows.reduce((all, row) => all + Number(row.split(',')[header.split(',').indexOf(name)]), 0);
  const counter = (name: string) => {
    const covered = sum(`${name}_COVERED`);
    return { covered, total: covered + sum(`${name}_MISSED`) };
  };
  const coverage = await read(folder, ['jacoco.xml']);
  const { totals, files, reports } = coverage;
  expect(reports).toMatchObject([{ path: 'jacoco.xml', format: 'jacoco', files: 2 }]);
  expect([...files.keys()]).toEqual(sources.toReversed());
  expect({ statements: totals.statements, branches: totals.branches, functions: totals.functions }).toEqual({
    statements: counter('INSTRUCTION'),
    branches: counter('BRANCH'),
    functions: counter('METHOD'),
  });
  const page = await readFile(join(folder, 'page/com.acme/Price.java.html'), 'utf8');
  const missed = [...page.matchAll(/<span class="pc bpc" id="L(\d+)" title="(\d+) of (\d+) branches missed\.">/g)].map(
    ([, line, few, all]) => `${sources[0]}:${line} branch ${Number(all) - Number(few)}/${all}`,
  );
  const rest = [...page.matchAll(/<span class="pc" id="L(\d+)">/g)].map(([, line]) => line);
  expect(missed.length).toBeGreaterThan(1);
  const ofPrice = partsOf(coverage).filter((line) => line.startsWith(sources[0] ?? ''));
  expect(ofPrice.filter((line) => line.includes(' branch '))).toEqual(missed);
  expect(ofPrice.filter((line) => line.includes(' instruction ')).map((line) => /:(\d+) /.exec(line)?.[1])).toEqual(
    rest,
  );
  // The CSV has lines by class; a line of two classes (a lambda, a record) is one line of the file.
  expect(totals.lines?.total).toBeGreaterThan(0);
});
