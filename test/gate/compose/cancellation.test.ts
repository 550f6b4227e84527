import { describe, it } from 'vitest';
import { startServices } from '../../../src/gate/compose.ts';
import { failureOf, given, IMAGE, leftOf, useDocker } from './docker.ts';
import { slowDaemon } from './slow-daemon.ts';

useDocker();

const GOES_ON = `image: ${IMAGE}, stop_signal: SIGKILL, command: [sleep, "600"]`;
const NEVER_HEALTHY = `
services:
  db: {${GOES_ON}, healthcheck: {test: [CMD, "false"], interval: 500ms, retries: 1000}, volumes: ["data:/data", /anonymous]}
  cache: {${GOES_ON}, volumes: ["data:/data"]}
volumes: {data: {}}
`;
const TAKEN_DOWN = 'State: everything that was started has been taken down.';

describe.concurrent('a cancelled start leaves nothing behind', () => {
  it.for(['Starting the services', 'Network', 'Creating', 'Created', 'Started', 'Waiting'])(
    'when the signal comes at "%s"',
    async (moment, test) => {
      const { options, said, cancellation } = await given(test, { 'compose.yaml': NEVER_HEALTHY });
      const say = (line: string) => {
        options.say(line);
        if (line.includes(moment)) cancellation.abort();
      };
      const failure = await failureOf(startServices({ ...options, say }));
      test.expect(said.join('\n')).toContain(moment);
      test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-014' });
      test.expect(String(failure)).toContain(TAKEN_DOWN);
      test.expect(await leftOf(options.project)).toEqual([]);
    },
  );

  it('when the signal was there before', async (test) => {
    const { options, cancellation } = await given(test, { 'compose.yaml': NEVER_HEALTHY });
    cancellation.abort();
    const failure = await failureOf(startServices(options));
    test.expect(failure).toMatchObject({ code: 'PIPE-COMPOSE-014' });
    test.expect(String(failure)).toContain('State: nothing was started.');
    test.expect(await leftOf(options.project)).toEqual([]);
  });
});

// Alone: what comes late is only late for a takedown that other tests do not slow down.
it('a cancelled start takes down what a slow daemon makes of a request after its client has gone', async (test) => {
  const { options, cancellation } = await given(test, { 'compose.yaml': NEVER_HEALTHY });
  const daemon = await slowDaemon(test, '/networks/create');
  const environment = { ...options.environment, DOCKER_HOST: daemon.host };
  const start = failureOf(startServices({ ...options, environment }));
  await daemon.asked;
  cancellation.abort();
  test.expect(await start).toMatchObject({ code: 'PIPE-COMPOSE-014' });
  await daemon.answered;
  test.expect(await leftOf(options.project)).toEqual([]);
});
