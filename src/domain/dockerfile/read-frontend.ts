import type { ImageUse, UsedImage } from '../image/image-use.ts';
import { parseReference, repositoryName } from '../image/reference.ts';
import { findSyntax } from './directives.ts';
import type { DockerfileContext } from './dockerfile.ts';
import type { ProblemList } from './problem-list.ts';

/** The frontend that reads the file, if it names one; `isOther` when the rest of the file need not be a Dockerfile. */
export type Frontend = { readonly use: ImageUse; readonly isOther: boolean };

/** Reads `# syntax=`; the build argument BUILDKIT_SYNTAX wins over it. */
export function readFrontend(text: string, context: DockerfileContext, problems: ProblemList): Frontend | undefined {
  const syntax = findSyntax(text);
  const given = context.buildArgs['BUILDKIT_SYNTAX']?.split(' ', 1)[0];
  const name = given ?? syntax?.image;
  if (name === undefined || name === '') return undefined;
  const line = syntax?.line ?? 1;
  const span = syntax?.span ?? { start: 0, end: 0 };
  const parsed = parseReference(name);
  const image: UsedImage =
    parsed.kind === 'ok'
      ? { kind: 'reference', reference: parsed.reference }
      : { kind: 'invalid', text: name, reason: parsed.reason };
  if (parsed.kind === 'invalid') {
    problems.error(
      'invalid-reference',
      line,
      `syntax= names ${name.slice(0, 200)}, which is no image reference: ${parsed.reason}`,
      span,
    );
  }
  const isDockerfile =
    parsed.kind === 'ok' && repositoryName(parsed.reference).startsWith('docker.io/docker/dockerfile');
  if (parsed.kind === 'ok' && !isDockerfile) {
    const message = `${name.slice(0, 200)} reads this file, not Docker's own frontend: what follows may mean something else to it`;
    problems.info('other-frontend', line, message, span);
  }
  const isEditable = given === undefined && span.end - span.start === name.length;
  const use: ImageUse = {
    role: 'frontend',
    image,
    written: syntax?.image ?? name,
    line,
    span,
    pieces: [{ text: name, span: isEditable ? span : undefined }],
  };
  return { use, isOther: !isDockerfile && syntax !== undefined && syntax.form !== '#' };
}
