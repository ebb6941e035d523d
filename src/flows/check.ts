import type { CheckRequest } from './check-request.ts';
import type { CheckedTree } from './checked-tree.ts';
import { dependabotFindings } from './dependabot/check-findings.ts';
import { type CoveredUses, coveredUses } from './dependabot/covered-uses.ts';
import type { Suggest } from './judge-file.ts';
import { mapLimited } from './limited.ts';
import type { askAbout, World } from './online/ask-about.ts';
import { startJudging } from './start-judging.ts';
import { surveyTree } from './survey-tree.ts';

/**
 * Every base image of a source tree, judged by the policy. Never throws for what stands in the tree. A Dockerfile is read
 * and judged before it is let go: a tree of any size fits into memory.
 *
 * @param ports without registry and scanning nothing leaves this machine.
 */
export async function check(ports: World, request: CheckRequest): Promise<CheckedTree> {
  const { workspace, registry, scanning } = ports;
  const survey = await surveyTree(workspace, request);
  const { only } = request;
  const isReported = (path: string) =>
    only === undefined || only.has(path) || survey.documentsOf(path).some((document) => only.has(document));
  const reported = survey.documents.filter(({ path }) => isReported(path));
  const paths = survey.dockerfiles.filter(isReported);
  const files = { documents: reported, dockerfiles: paths };
  const isAsked = registry !== undefined || scanning !== undefined;
  const answers = isAsked ? await ask(ports, survey, files, request) : {};
  const { judge, finish } = startJudging(request, survey.producers, await suggestIn(request), answers);
  const documents = reported.map(judge);
  const covered: CoveredUses[] = survey.documents.map(coveredUses);
  let done = 0;
  const dockerfiles = await mapLimited(paths, async (path) => {
    const file = await survey.read(path);
    covered.push(coveredUses(file));
    const judged = judge(file);
    request.onProgress?.(++done, paths.length);
    return judged;
  });
  const unchanged = survey.documents.length - documents.length + survey.dockerfiles.length - paths.length;
  const tree = finish([...documents, ...dockerfiles], { ...survey.unread, unchanged });
  // A run that reports a part of the tree has not read the rest.
  if (only !== undefined || request.isRepositoryRoot !== true) return tree;
  const findings = await dependabotFindings(workspace, covered, request.policy);
  return { ...tree, policyFindings: [...tree.policyFindings, ...findings] };
}

/** What asks is loaded by those who ask. */
async function ask(...about: Parameters<typeof askAbout>): ReturnType<typeof askAbout> {
  const online = await import('./online/ask-about.ts');
  return online.askAbout(...about);
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
