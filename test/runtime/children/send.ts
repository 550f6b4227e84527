// Sends the requests that its argument lists (JSON) with one client, in the environment that it was started in, and
// prints what came of each as a line of JSON.
import { environmentOf } from '../../../src/runtime/environment.ts';
import { PipelineError } from '../../../src/runtime/errors.ts';
import { createHttp, type HttpRequest } from '../../../src/runtime/http.ts';

const requests = JSON.parse(process.argv[2] ?? '[]') as HttpRequest[];
try {
  const client = createHttp({ environment: environmentOf(process.env), service: 'The service', code: 'PIPE-TEST-001' });
  for (const request of requests) {
    try {
      const { status, body, headers } = await client.send(request);
      console.log(JSON.stringify({ status, body: body.toString(), location: headers['location'] }));
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      console.log(JSON.stringify({ code: error.code, message: error.message }));
    }
  }
} catch (error) {
  if (!(error instanceof PipelineError)) throw error;
  console.log(JSON.stringify({ code: error.code, message: error.message }));
}
