import { parseItems, products, quote } from '@shop/shared';

export interface Answer {
  status: number;
  body: unknown;
}

/** The answer to a request; `readBody` is called only where a body is expected. */
export async function answer(
  method: string,
  path: string,
  readBody: () => Promise<string>,
): Promise<Answer> {
  switch (`${method} ${path}`) {
    case 'GET /health':
      return { status: 200, body: { status: 'ok' } };
    case 'GET /products':
      return { status: 200, body: { products } };
    case 'POST /quotes':
      return answerQuote(readBody);
    default:
      return { status: 404, body: { error: `there is no ${method} ${path}` } };
  }
}

async function answerQuote(readBody: () => Promise<string>): Promise<Answer> {
  try {
    return { status: 200, body: quote(parseItems(JSON.parse(await readBody()))) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) {
      return { status: 400, body: { error: error.message } };
    }
    throw error;
  }
}
