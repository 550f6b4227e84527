import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readRecord, recordName } from '../../src/release/record.ts';
import { parseReference } from '../../src/release/reference.ts';
import { rolledBackAt } from '../../src/release/rollback/rolled-back.ts';
import { commitOf, referenceOf, threeReleases } from './bench.ts';

it('leaves a record of what serves again, under the name of its place', async () => {
  const { bench, one } = await threeReleases();
  const { outputs } = await bench.rollback({ release: referenceOf(one) });
  expect(outputs.artifact).toBe(recordName(rolledBackAt(parseReference(referenceOf(one)))));
  const record = readRecord(await readFile(outputs.record ?? ''));
  expect(record).toMatchObject({
    ...{ workflow: 'rollback', release: referenceOf(one), commit: commitOf('one'), lastMigration: '2026_one' },
    ...{ verifiedBy: 'nothing', environment: '' },
  });
  // The second hand finds it done, and has nothing to record.
  const again = await bench.rollback({ release: referenceOf(one) });
  expect(again.outputs).toMatchObject({ moved: false, record: '', artifact: '' });
});

it('says which migrations the database was given at least, by the releases that were made with them', async () => {
  const { bench, one, last } = await threeReleases();
  const { step } = await bench.rollback({ release: referenceOf(one) });
  expect(step.said.join('\n')).toContain(
    'warning: The database was given more since this release, up to 2026_two, 2026_three: those were the last migrations when newer releases were made.',
  );
  const forward = await bench.rollback({ release: referenceOf(last) });
  expect(forward.step.said.join('\n')).not.toContain('was given more');
});
