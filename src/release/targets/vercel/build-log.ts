import { stripVTControlCharacters } from 'node:util';
import { PipelineError } from '../../../runtime/errors.ts';
import { listOf, textOf } from '../../../runtime/json.ts';
import { mapOf, type VercelApi } from './api.ts';

/** Lines of a failed build that are shown. */
const LINES = 60;

/** Kinds of events that carry a line of the build. */
const LINE = new Set(['command', 'stdout', 'stderr', 'fatal', 'exit']);

/**
 * The end of a deployment's build log (GET /v3/deployments/{id}/events); empty where it can't be read: the failure that
 * it explains counts more.
 */
export async function endOfBuildLog(api: VercelApi, deployment: string): Promise<readonly string[]> {
  try {
    const path = `/v3/deployments/${deployment}/events`;
    const { value } = await api.ask({ path, query: { direction: 'backward', limit: '200', builds: '1' } });
    const lines = listOf(value)
      .map(mapOf)
      .filter(({ type }) => LINE.has(textOf(type)))
      .map((event) => ({
        at: Number(event['created']) || 0,
        text: textOf(event['text']) || textOf(mapOf(event['payload'])['text']),
      }))
      .filter(({ text }) => text.trim() !== '');
    // They come newest first, or as the API likes; events of one moment stay in their order.
    return lines
      .reverse()
      .sort((left, right) => left.at - right.at)
      .slice(-LINES)
      .map(({ text }) => stripVTControlCharacters(text).trimEnd());
  } catch (error) {
    if (error instanceof PipelineError) return [];
    throw error;
  }
}
