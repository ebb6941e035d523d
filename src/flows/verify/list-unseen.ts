import { isExcluded } from '../../domain/discovery/excluded.ts';
import { fileKind } from '../../domain/discovery/file-kind.ts';
import { familiarReference } from '../../domain/image/reference.ts';
import type { ChangedBuilds } from '../../domain/verify/buildable.ts';
import type { Workspace } from '../../ports/workspace.ts';
import type { ReadFile } from '../read-dockerfile.ts';
import { readText } from '../read-file.ts';
import type { Survey } from '../survey-tree.ts';

type Unproven = ChangedBuilds['unproven'];

type SurveyedSide = { readonly survey: Survey; readonly workspace: Workspace };

/** What changed where nobody can look: templates, bake files in HCL, and what could be read before and cannot now. */
export async function listUnseen({
  before,
  after,
}: {
  readonly before: SurveyedSide;
  readonly after: SurveyedSide;
}): Promise<Unproven> {
  const [old, now] = [await filesOf(before.survey), await filesOf(after.survey)];
  return [
    ...[...now.values()].flatMap((file) => changedTemplate(file, old.get(file.path))),
    ...[...now.values()].flatMap((file) => newlyUnread(file, old.get(file.path))),
    ...(await changedHcl(before.workspace, after.workspace)),
  ];
}

async function filesOf({ documents, dockerfiles, read }: Survey): Promise<ReadonlyMap<string, ReadFile>> {
  const files = new Map(documents.map((file) => [file.path, file]));
  for (const path of dockerfiles) files.set(path, await read(path));
  return files;
}

function changedTemplate(file: ReadFile, old: ReadFile | undefined): Unproven {
  if (file.kind !== 'dockerfile-template') return [];
  const known = new Set(old === undefined ? [] : imagesOf(old));
  return imagesOf(file)
    .filter((image) => !known.has(image))
    .map((image) => ({
      name: file.path,
      reason: `${image} stands in a template, which nobody can build as it stands`,
    }));
}

function imagesOf({ uses }: ReadFile): readonly string[] {
  const images = uses.flatMap(({ use: { image, written } }) => {
    if (image.kind === 'reference') return [familiarReference(image.reference)];
    return image.kind === 'unresolved' || image.kind === 'invalid' ? [written] : [];
  });
  return [...new Set(images)];
}

/** A Dockerfile that a builder can read is built, whatever we make of it. */
function newlyUnread({ path, kind, problems }: ReadFile, old: ReadFile | undefined): Unproven {
  const isTold = (file: ReadFile | undefined, message: string) =>
    file?.problems.some((problem) => problem.message === message) === true;
  const found = problems.find(
    ({ code, severity, message }) =>
      (code === 'unreadable' || (severity === 'error' && kind !== 'dockerfile')) && !isTold(old, message),
  );
  return found === undefined ? [] : [{ name: path, reason: `it cannot be read wholly: ${found.message}` }];
}

async function changedHcl(before: Workspace, after: Workspace): Promise<Unproven> {
  const { paths } = await after.list({
    isWanted: isHcl,
    isExcluded: (path) => isExcluded(path, []),
  });
  const changed: string[] = [];
  for (const path of paths.filter(isHcl)) {
    const [old, now] = [await readText(before, path), await readText(after, path)];
    if (old.kind === 'refused' || now.kind === 'refused' || old.text !== now.text) changed.push(path);
  }
  const reason = 'it changed, and bake files in HCL are not read; what they build is not known';
  return changed.map((name) => ({ name, reason }));
}

function isHcl(path: string): boolean {
  return !isExcluded(path, []) && fileKind(path)?.kind === 'bake-hcl';
}
