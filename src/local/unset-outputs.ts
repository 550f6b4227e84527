import { asExpression } from './expressions.ts';
import { UNSET } from './needed-outputs.ts';
import { mapOf, textOf, type Value, type ValueMap } from './workflow-file.ts';

/**
 * Outputs of a job so that those which nobody has set can be told: act hands over the expression of a skipped job as it
 * is written, and this one begins as no output does.
 */
export function markedOutputs(outputs: Value): ValueMap {
  const marked = Object.entries(mapOf(outputs)).map(([name, value]) => [
    name,
    expressionOf(asExpression(textOf(value))),
  ]);
  return Object.fromEntries(marked);
}

/**
 * The same for a job with a matrix, whose legs can each set them, as on GitHub. act evaluates outputs when the first leg
 * ends and never again, also those that are empty then. So what a leg has not set evaluates to its own expression, which
 * is the value of a variable, and the next leg's turn comes.
 *
 * @param key as in PlannedJob
 * @returns the outputs, and the variables (`vars`) that they need
 */
export function legOutputs(
  outputs: Value,
  key: string,
): { readonly outputs: ValueMap; readonly variables: Readonly<Record<string, string>> } {
  const kept = Object.entries(mapOf(outputs)).map(([name, value], index) => {
    const variable = `LOCAL_${key.toUpperCase()}_OUTPUT_${index}`;
    // A boolean becomes the text that GitHub makes of it: only an empty text is none.
    return { name, variable, text: expressionOf(`format('{0}', ${asExpression(textOf(value))}) || vars.${variable}`) };
  });
  return {
    outputs: Object.fromEntries(kept.map(({ name, text }) => [name, text])),
    variables: Object.fromEntries(kept.map(({ variable, text }) => [variable, text])),
  };
}

function expressionOf(expression: string): string {
  return `${UNSET}${expression} }}`;
}
