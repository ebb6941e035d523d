import { isExcluded } from '../../domain/discovery/excluded.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Parsed } from '../../domain/source/problem.ts';
import { parseIgnoreFile } from '../../domain/vulnerability/suppress/parse-ignore-file.ts';
import { parseIgnoreYaml } from '../../domain/vulnerability/suppress/parse-ignore-yaml.ts';
import { parseOpenVex } from '../../domain/vulnerability/suppress/parse-open-vex.ts';
import type { Statement } from '../../domain/vulnerability/suppress/statement.ts';
import { authorsByPath } from '../../domain/vulnerability/suppress/vex-source.ts';
import type { Workspace } from '../../ports/workspace.ts';
import type { PolicyFinding } from '../check-result.ts';
import { readText } from '../read-file.ts';

export type Suppressions = {
  readonly statements: readonly Statement[];
  /** Files that cannot be read, entries without effect, documents of authors who are not listed. */
  readonly findings: readonly PolicyFinding[];
};

/** Ignore files count at the root of a tree, where Trivy looks for the first of them. */
const ignoreFiles = new Map([
  ['.trivyignore', parseIgnoreFile],
  ['.trivyignore.yaml', parseIgnoreYaml],
]);
const maxDocuments = 500;

/**
 * Reads what a tree says that takes findings out: the OpenVEX documents of authors whom the organisation's policy lists, and ignore files.
 *
 * @param tree as the base branch has it. What is being proposed has no say in what is ignored of it.
 */
export async function readSuppressions(
  tree: Pick<Workspace, 'list' | 'read'>,
  { vex }: Pick<Policy, 'vex'>,
): Promise<Suppressions> {
  const authorsOf = authorsByPath(vex);
  const { paths } = await tree.list({
    isWanted: (path) => ignoreFiles.has(path) || authorsOf(path).length > 0,
    isExcluded: (folder) => isExcluded(folder, []),
  });
  const documents = paths.filter((path) => !isExcluded(path, []) && authorsOf(path).length > 0);
  const read: Suppressions[] = [];
  for (const path of documents.slice(0, maxDocuments)) read.push(await readVex(tree, path, authorsOf(path)));
  for (const [path, parse] of ignoreFiles) if (paths.includes(path)) read.push(await readFile(tree, path, parse));
  const statements = read.flatMap((one) => one.statements);
  const findings = read.flatMap((one) => one.findings);
  const [first] = documents.slice(maxDocuments);
  if (first === undefined) return { statements, findings };
  const reason = `it and what follows is not read: more than ${maxDocuments} paths match vex in the policy`;
  return { statements, findings: [...findings, { rule: 'unread-vex', verdict: 'warn', reason, path: first }] };
}

function readVex(tree: Pick<Workspace, 'read'>, path: string, authors: readonly string[]): Promise<Suppressions> {
  return readFile(tree, path, (text) => {
    const { value, problems } = parseOpenVex(text, path);
    if (value === undefined || authors.includes(value.author)) return { value: value?.statements ?? [], problems };
    const author = JSON.stringify(value.author.slice(0, 200));
    const message = `its author ${author} is not listed for this path under vex in the organisation's policy file; nothing of it counts`;
    return { value: [], problems: [{ code: 'unlisted-vex', severity: 'warning', message, line: 0 }] };
  });
}

async function readFile(
  tree: Pick<Workspace, 'read'>,
  path: string,
  parse: (text: string, path: string) => Parsed<readonly Statement[]>,
): Promise<Suppressions> {
  const read = await readText(tree, path);
  if (read.kind === 'refused')
    return {
      statements: [],
      findings: [{ rule: 'unreadable-suppression', verdict: 'warn', reason: read.reason, path }],
    };
  const { value, problems } = parse(read.text, path);
  const findings = problems.map(
    ({ code, message, line }): PolicyFinding => ({
      ...{ rule: code, verdict: 'warn', reason: message, path },
      ...(line === 0 ? {} : { line }),
    }),
  );
  return { statements: value, findings };
}
