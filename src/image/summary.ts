import { relative } from 'node:path';
import { durationText } from '../runtime/kinds.ts';
import { code, codeBlock, details, type Markdown, markdown, paragraphs, table, text } from '../runtime/markdown.ts';
import type { BuildResult } from './build.ts';
import { placeOf } from './build-failure.ts';

/** What the step shows when an image could not be built: each image in a line, then what the failing steps printed. */
export function failedSummary(results: readonly BuildResult[], workspace: string): Markdown {
  const red = results.filter(({ failure }) => failure !== undefined);
  const verdict =
    results.length === 1
      ? 'The image could not be built'
      : `${red.length} of ${results.length} images could not be built`;
  const rows = results.map((result) => {
    const { image, failure, duration, trouble } = result;
    const file = image.file === undefined ? undefined : relative(workspace, image.file);
    const place = trouble === undefined ? undefined : placeOf(file, trouble);
    return [
      code(image.name),
      markdown(failure === undefined ? '✅ built' : '❌ failed'),
      text(durationText(duration)),
      code(place ?? file ?? ''),
      text(trouble?.message.slice(0, 200) ?? image.reason),
    ];
  });
  return paragraphs([
    markdown(`### ${verdict}`),
    table(['image', 'result', 'time', 'Dockerfile', 'why'].map(markdown), rows),
    ...red.map(stepOutput),
  ]);
}

function stepOutput({ image, trouble }: BuildResult): Markdown {
  if (trouble === undefined || trouble.tail.length === 0) return markdown('');
  const title = markdown(`${code(image.name)}: the last lines of ${code(trouble.step ?? 'the build')}`);
  return details(title, codeBlock(trouble.tail.join('\n')));
}
