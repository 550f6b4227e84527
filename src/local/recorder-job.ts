import { LABEL } from './act-job.ts';
import { asExpression } from './expressions.ts';
import { contractOf, type ValueMap } from './workflow-file.ts';

/** The last job of a called workflow: writes down what `needs` says of all others, and the workflow's outputs. */
export function recorderJob(document: ValueMap, jobIds: readonly string[], path: string): ValueMap {
  const outputs = Object.entries(contractOf(document)?.outputs ?? {}).map(([name, value]) => {
    const expression = asExpression(value).replaceAll(/(^|[^\w.'])jobs\./g, '$1needs.');
    return `${JSON.stringify(name)}: \${{ toJSON(${expression}) }}`;
  });
  return {
    needs: jobIds,
    if: 'always()',
    'runs-on': LABEL,
    steps: [
      {
        run: `{"needs": \${{ toJSON(needs) }}, "outputs": {${outputs.join(', ')}}}`,
        // A shell that copies the script: what it says arrives as a file, whatever its size and characters.
        shell: `cp {0} '${path}'`,
      },
    ],
  };
}
