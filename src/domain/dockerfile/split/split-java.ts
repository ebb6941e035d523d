import type { SourceFile } from './source-file.ts';
import { resolvePath } from './source-file.ts';
import { nonrootUser, type Split } from './split.ts';
import type { SplitImages } from './split-images.ts';
import { startWords } from './start-command.ts';

export function splitJava(source: SourceFile, images: SplitImages): Split | undefined {
  const usesGradle = source.commands.some(({ words }) => words[0] === 'gradle' || words[0] === 'gradlew');
  const usesMaven = source.commands.some(({ words }) => words[0] === 'mvn' || words[0] === 'mvnw');
  const buildImage = usesGradle ? images.gradleBuild : images.mavenBuild;
  if (buildImage === undefined || images.javaRuntime === undefined || usesGradle === usesMaven) return undefined;
  const words = startWords(source.start);
  const flag = words.indexOf('-jar');
  const written = words[0] === 'java' && flag !== -1 ? words[flag + 1] : undefined;
  const jar = written === undefined ? undefined : resolvePath(source.workdir, written);
  if (jar === undefined || !isMade(jar, source)) return undefined;
  return {
    buildImage,
    buildLines: source.buildLines,
    runtimeImage: images.javaRuntime,
    runtimePackages: source.runtimePackages,
    runtimeLines: [
      '# Check that the jar holds its dependencies and that no other file is read from disk.',
      `COPY --from=build ${jar} ${jar}`,
    ],
    user: nonrootUser,
    start: source.start,
    notes: ['the final image has a JRE only: tools such as jcmd and jmap are gone'],
  };
}

/** Whether the file's own commands can have written the jar: in the build tool's folder, or by cp or mv. */
function isMade(jar: string, { commands }: SourceFile): boolean {
  if (jar.includes('/target/') || jar.includes('/build/libs/')) return true;
  return commands.some(
    ({ words, workdir }) =>
      (words[0] === 'cp' || words[0] === 'mv') && resolvePath(workdir, words.at(-1) ?? '') === jar,
  );
}
