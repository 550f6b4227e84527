import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import pg from 'pg';
import { answer } from './answers.js';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const database = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
// A connection that the server ends while it is idle is no reason to end.
database.on('error', (error) => console.error(error.message));

const server = createServer(async (request, response) => {
  const failed = (error) => {
    console.error(error.message);
    return { status: 503, body: { status: 'not well', version } };
  };
  const { status, body } = await answer(request.url, database, version).catch(failed);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
server.listen(Number(process.env.PORT ?? 8080));
process.once('SIGTERM', () => server.close(() => database.end()));
