import { createBackend } from './server.ts';

const port = Number(process.env.PORT ?? 8080);
const server = createBackend();
server.listen(port, '0.0.0.0', () => console.log(`Listening on port ${port}`));
process.once('SIGTERM', () => server.close());
