import type { Workspace } from '../ports/workspace.ts';
import type { CheckRequest } from './check-request.ts';
import type { CheckedTree } from './checked-tree.ts';
import type { Suggest } from './judge-file.ts';
import { mapLimited } from './limited.ts';
import { startJudging } from './start-judging.ts';
import { surveyTree } from './survey-tree.ts';

/**
 * Every base image of a source tree, judged by the policy. Never throws for what stands in the tree. A Dockerfile is read
 * and judged before it is let go: a tree of any size fits into memory.
 */
export async function check(ports: { readonly workspace: Workspace }, request: CheckRequest): Promise<CheckedTree> {
  const { workspace } = ports;
  const survey = await surveyTree(workspace, request);
  const { only } = request;
  const isReported = (path: string) =>
    only === undefined || only.has(path) || survey.documentsOf(path).some((document) => only.has(document));
  const { judge, finish } = startJudging(request, survey.producers, await suggestIn(request));
  const documents = survey.documents.filter(({ path }) => isReported(path)).map(judge);
  const paths = survey.dockerfiles.filter(isReported);
  let done = 0;
  const dockerfiles = await mapLimited(paths, async (path) => {
    const judged = judge(await survey.read(path));
    request.onProgress?.(++done, paths.length);
    return judged;
  });
  const unchanged = survey.documents.length - documents.length + survey.dockerfiles.length - paths.length;
  return finish([...documents, ...dockerfiles], { ...survey.unread, unchanged });
}

async function suggestIn({ explain, catalog, now }: CheckRequest): Promise<Suggest | undefined> {
  if (!explain) return undefined;
  const [{ suggestMultiStage }, { splitImages }] = await Promise.all([
    import('../domain/dockerfile/split/suggest-multi-stage.ts'),
    import('./split-images.ts'),
  ]);
  const images = splitImages(catalog, now.slice(0, 10));
  return (dockerfile) => suggestMultiStage(dockerfile, { images });
}
