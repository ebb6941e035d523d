import type { Dockerfile } from '../domain/dockerfile/dockerfile.ts';
import { parseDockerfile } from '../domain/dockerfile/parse-dockerfile.ts';
import type { BuildDefinition } from '../domain/documents/document-reading.ts';
import { documents } from '../domain/documents/documents.ts';
import { relocateDockerfile } from '../domain/documents/relocate-dockerfile.ts';
import { indexLines } from '../domain/source/lines.ts';
import type { Problem } from '../domain/source/problem.ts';
import { contextsOf, type PlacedUse, type ReadFile, type ReadSettings, uniqueProblems } from './read-dockerfile.ts';

/** `file.dockerfileOf` holds the readings of Dockerfiles that build definitions carry in themselves. */
export type ReadDocument = { readonly file: ReadFile; readonly builds: readonly BuildDefinition[] };

/**
 * Reads a document that names images. `undefined` when nothing in it concerns images: a YAML file that is no manifest is
 * no row of a report.
 */
export function readDocument(
  path: string,
  kind: string,
  text: string,
  settings: ReadSettings,
): ReadDocument | undefined {
  const reader = documents.find((candidate) => candidate.kind === kind);
  if (reader === undefined) return undefined;
  const { value, problems } = reader.read(text, path);
  const uses: PlacedUse[] = value.uses.map((use): PlacedUse => ({ use }));
  // No build is refused for what is only run or deployed, and placeholders for another tool are common there.
  const found: Problem[] = problems.map((problem) =>
    problem.code === 'invalid-reference' ? { ...problem, severity: 'warning' } : problem,
  );
  const lineOf = indexLines(text).lineAt;
  const dockerfileOf = new Map<BuildDefinition, Dockerfile>();
  for (const build of value.builds) {
    if (build.inline === undefined) continue;
    const { inline } = build;
    for (const { context } of contextsOf(path, [build], settings)) {
      const dockerfile = relocateDockerfile(parseDockerfile(inline.text, context), inline, lineOf);
      dockerfileOf.set(build, dockerfile);
      uses.push(...dockerfile.uses.map((use): PlacedUse => ({ use, dockerfile })));
      found.push(...dockerfile.problems);
    }
  }
  if (uses.length === 0 && found.length === 0 && value.builds.length === 0) return undefined;
  uses.sort((a, b) => a.use.span.start - b.use.span.start);
  return {
    file: { path, kind, text, problems: uniqueProblems(found), uses, dockerfiles: [], dockerfileOf },
    builds: value.builds,
  };
}
