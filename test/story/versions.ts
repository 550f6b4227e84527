import type { Shop } from './shop.ts';

/** A change of the shop: who makes it, how the commit is called, and its files. */
export interface Change {
  readonly author: string;
  readonly message: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The page says that the shop is open on Sundays. */
export async function sundays({ read }: Shop): Promise<Change> {
  const page = await read('web/app.js');
  return {
    author: 'Ada',
    message: 'Open on Sundays',
    files: { 'web/app.js': page.replace(`'Saturday: 9 to 13'`, `'Saturday: 9 to 13', 'Sunday: 10 to 12'`) },
  };
}

/** The service tells what is special about a day. */
export async function notes({ read }: Shop): Promise<Change> {
  return {
    author: 'Ben',
    message: 'Say what is special about a day',
    files: {
      ...(await versioned(read, '1.1.0')),
      'api/answers.js': (await read('api/answers.js')).replace('day, hours FROM', 'day, hours, note FROM'),
      'api/migrations/0002_notes.sql': `ALTER TABLE hours ADD COLUMN note text;\nUPDATE hours SET note = 'fresh bread' WHERE place = 1;\n`,
    },
  };
}

/** Visitors that it can remember before it is full: fewer than come while a release is watched. */
const ROOM = 8;

/** The service remembers its visitors, until it has no more room. Nobody visits it where it is tested. */
export async function visitors({ read }: Shop): Promise<Change> {
  const answers = await read('api/answers.js');
  return {
    author: 'Cleo',
    message: 'Remember who asks',
    files: {
      ...(await versioned(read, '1.2.0')),
      'api/answers.js': answers
        .replace('/** When', `const visitors = [];\n\n/** When`)
        .replace(
          `  if (path === '/health')`,
          `  if (visitors.length === ${ROOM}) throw new Error('there is no room for another visitor');\n  if (path === '/health')`,
        )
        .replace(`  if (path === '/hours') {`, `  if (path === '/hours') {\n    visitors.push(new Date());`),
      'api/migrations/0003_visits.sql': 'CREATE TABLE visits (at timestamptz PRIMARY KEY);\n',
    },
  };
}

/** The service does not find itself well. */
export async function unwell({ read }: Shop): Promise<Change> {
  const answers = await read('api/answers.js');
  return {
    author: 'Dan',
    message: 'Look at the database more closely',
    files: {
      ...(await versioned(read, '1.1.0')),
      'api/answers.js': answers.replace(`'SELECT 1'`, `'SELECT 1 FROM opening_hours'`),
      'api/test/answers.test.js': (await read('api/test/answers.test.js')).replace(/\ntest\('is well[\s\S]*$/, ''),
    },
  };
}

/** A migration that PostgreSQL refuses: one day has no note. */
export async function impossible({ read }: Shop): Promise<Change> {
  return {
    author: 'Dan',
    message: 'Every day has a note',
    files: {
      ...(await versioned(read, '1.1.0')),
      'api/migrations/0002_notes.sql': 'ALTER TABLE hours ADD COLUMN note text NOT NULL;\n',
    },
  };
}

/** A page whose program throws before it shows anything: its tests do not see that, a browser does. */
export async function empty({ read }: Shop): Promise<Change> {
  const page = await read('web/app.js');
  return {
    author: 'Dan',
    message: 'Greet the visitor by name',
    files: {
      'web/app.js': page.replace(
        'if (globalThis',
        `globalThis.document?.querySelector('#name').append('friend');\nif (globalThis`,
      ),
    },
  };
}

async function versioned(read: Shop['read'], version: string): Promise<Readonly<Record<string, string>>> {
  const manifest = await read('api/package.json');
  return { 'api/package.json': manifest.replace(/"version": "[^"]+"/, `"version": "${version}"`) };
}
