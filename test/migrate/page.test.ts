import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LEVELS, RULES } from '../../src/migrate/rules.ts';
import { root } from '../../tools/install/root.ts';

it('lists every rule with its level and the way around it, the gravest first', async () => {
  const rows = LEVELS.flatMap((level) => {
    const named = Object.entries(RULES).filter(([, rule]) => rule.level === level);
    return named.map(([name, rule]) => `| \`${name}\` | ${rule.level} | ${rule.remedy} |`);
  });
  const wanted = ['| rule | level | the way around |', '| --- | --- | --- |', ...rows].join('\n');
  const page = await readFile(join(root, 'docs/migrate.md'), 'utf8');
  expect(/<!-- rules -->\n([\s\S]*?)\n<!-- end of rules -->/.exec(page)?.[1]).toBe(wanted);
});
