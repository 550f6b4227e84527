import { expect, it } from 'vitest';
import { PRISMA_ERRORS, prismaCode } from '../../src/migrate/prisma-errors.ts';

/**
 * As versions 6 and 7 of the CLI print them; prisma-errors.slow.test.ts meets them in the real CLI. Not P3018: only the
 * native engine prints that code; the one of the tests says the same without it, and apply.test.ts has it in the history.
 */
it.each([
  ['P3009', 'Error: P3009\n\nmigrate found failed migrations in the target database'],
  ['P3018', 'Applying migration `1_a`\nError: P3018\n\nDatabase error code: 42P01'],
  ['P1001', "Error: P1001: Can't reach database server at `127.0.0.1:1`"],
  ['P1001', "Error: Can't reach database server at `127.0.0.1:1`"],
  ['P1000', 'Error: Authentication failed against database server, the provided credentials are not valid'],
  ['P1003', 'Error: Database `nowhere` does not exist'],
  [
    'P3014',
    'Prisma Migrate could not create the shadow database.\n\nOriginal error:\npermission denied to create database',
  ],
  [undefined, 'Error: something else went wrong in line P30 of the schema'],
])('finds %s in what the CLI prints', (code, output) => {
  expect(prismaCode(output)).toBe(code);
  if (code !== undefined) expect(PRISMA_ERRORS[code]).toMatchObject({ what: expect.stringMatching(/\w/) });
});

it.each(Object.entries(PRISMA_ERRORS))('says of %s what it means, what state it leaves and what to do', (_, error) => {
  expect(error).toMatchObject({
    what: expect.stringMatching(/\w/),
    state: expect.stringMatching(/\w/),
    remedy: expect.stringMatching(/\w/),
  });
});
