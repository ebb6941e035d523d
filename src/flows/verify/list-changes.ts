import { canonicalReference } from '../../domain/image/reference.ts';
import { type ChangedBuilds, findChangedBuilds } from '../../domain/verify/buildable.ts';
import { type Survey, surveyTree } from '../survey-tree.ts';
import { listBuilds } from './list-builds.ts';
import { listUnseen } from './list-unseen.ts';
import type { VerifyRequest } from './verify-request.ts';

/** What of the two trees differs in the images that are built on or run. */
export async function listChanges(request: VerifyRequest): Promise<ChangedBuilds> {
  const [before, after] = [
    await surveyTree(request.before.workspace, request.survey),
    await surveyTree(request.after.workspace, request.survey),
  ];
  const sides = {
    before: { survey: before, workspace: request.before.workspace },
    after: { survey: after, workspace: request.after.workspace },
  };
  const { contextOf, prefix } = request;
  const listing = { settings: request.survey.settings, contextOf };
  const builds = findChangedBuilds(await listBuilds(before, listing), await listBuilds(after, listing));
  const isWanted = (path: string) => prefix === '' || path === prefix || path.startsWith(`${prefix}/`);
  return {
    changed: builds.changed.filter((pair) => isWanted(pair.after.path)),
    unproven: [
      ...builds.unproven,
      ...[...changedRuns(before, after), ...(await listUnseen(sides))].filter(({ name }) => isWanted(name)),
    ],
  };
}

/** Images that documents run or deploy, and that nothing is built of. */
function changedRuns(before: Survey, after: Survey): ChangedBuilds['unproven'] {
  const known = runsByPath(before);
  return [...runsByPath(after)].flatMap(([path, images]) =>
    [...images]
      .filter((image) => known.get(path)?.has(image) !== true)
      .map((image) => ({ name: path, reason: `${image} is run as it is; only what this tree builds is verified` })),
  );
}

function runsByPath({ documents }: Survey): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    documents.map(({ path, uses }) => {
      const run = uses.filter(({ use }) => use.role === 'deployed' || use.role === 'ci');
      const images = run.flatMap(({ use: { image } }) =>
        image.kind === 'reference' ? [canonicalReference(image.reference)] : [],
      );
      return [path, new Set(images)];
    }),
  );
}
