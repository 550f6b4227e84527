import { shown } from '../runtime/errors.ts';
import { disagreements, type NodeInstallation, type NodeSearch, nodeOnPath, provideNode } from './node.ts';
import { type NodeRequest, parseNodeRequest } from './node-request.ts';
import { nodeStatements, requestOf } from './version-files.ts';

export interface NodeWish {
  readonly workspace: string;
  /** Absolute path of the working directory. */
  readonly directory: string;
  /** The input `node-version`. */
  readonly input: string | undefined;
}

export interface ChosenNode {
  readonly node: NodeInstallation;
  /** One line for the log: which version, who decided, where it is from. */
  readonly reason: string;
  /** One sentence for each file that asks for something else. */
  readonly warnings: readonly string[];
}

/**
 * Finds out which Node the project asks for and provides it.
 *
 * @throws ConfigurationError PIPE-SETUP-001 and those of nodeStatements and provideNode
 */
export async function chooseNode(wish: NodeWish, search: NodeSearch): Promise<ChosenNode> {
  const stated = await nodeStatements(wish.workspace, wish.directory);
  const input = wish.input === undefined ? [] : [{ source: 'the input `node-version`', text: wish.input }];
  const [first, ...others] = [...input, ...stated];
  const request = first === undefined ? await unasked(search) : await requestOf(first);
  const node = await provideNode(request, search);
  const asked = first === undefined ? 'nothing asks for a version' : `${first.source} asks for ${shown(first.text)}`;
  const rest = await Promise.all(
    others.map(async ({ source, text }) => ({ source, text, request: await parseNodeRequest(text) })),
  );
  return {
    node,
    reason: `Node ${node.version}: ${asked}, ${originOf(node, search.mirror)}`,
    warnings: await disagreements(node.version, rest),
  };
}

/** Where nothing is asked for, the runner's own Node is as good as any; without one it is the newest line with support. */
async function unasked(search: NodeSearch): Promise<NodeRequest> {
  return (await nodeOnPath(search)) === undefined ? { kind: 'lts', back: 0 } : { kind: 'runner' };
}

function originOf({ origin, signer }: NodeInstallation, mirror: string): string {
  if (origin === 'runner') return 'the runner has it';
  if (origin === 'tool cache') return 'it is in the tool cache';
  return `downloaded from ${new URL(mirror).host}, checksums signed by ${signer ?? 'nobody'}`;
}
