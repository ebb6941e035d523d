import type { SourceFile } from './source-file.ts';
import { resolvePath } from './source-file.ts';
import { nonrootUser, type Split } from './split.ts';
import type { SplitImages } from './split-images.ts';
import { startWords } from './start-command.ts';

export function splitDotnet(source: SourceFile, images: SplitImages): Split | undefined {
  const { dotnetBuild, dotnetRuntime } = images;
  // The runtime image may have no package manager, so a file that needs packages is not ours to split.
  if (
    dotnetBuild === undefined ||
    dotnetRuntime === undefined ||
    source.runtimePackages.some((name) => name !== 'ca-certificates' && name !== 'tzdata')
  )
    return undefined;
  const publish = source.commands.findLast(({ words }) => words[0] === 'dotnet' && words[1] === 'publish');
  if (publish === undefined) return undefined;
  const { words, workdir } = publish;
  if (
    words.some(
      (word) =>
        ['--self-contained', '--sc', '-r', '--runtime'].includes(word) || /PublishSingleFile|PublishAot/i.test(word),
    )
  )
    return undefined;
  const [program, library] = startWords(source.start);
  const path = program === 'dotnet' && library?.endsWith('.dll') ? resolvePath(source.workdir, library) : undefined;
  const folder = path?.slice(0, path.lastIndexOf('/'));
  if (folder === undefined || folder === '') return undefined;
  const flag = words.findIndex((word) => word === '-o' || word === '--output');
  const output = flag === -1 ? undefined : resolvePath(workdir, words[flag + 1] ?? '');
  if (flag === -1 ? !folder.includes('/bin/') || !folder.endsWith('/publish') : output !== folder) return undefined;
  return {
    buildImage: dotnetBuild,
    buildLines: source.buildLines,
    runtimeImage: dotnetRuntime,
    runtimePackages: [],
    runtimeLines: [
      '# dotnet publish puts settings and static files beside the library; check that nothing else is read from disk.',
      `COPY --from=build ${folder} ${folder}`,
    ],
    user: nonrootUser,
    start: source.start,
    notes: [
      'ASP.NET images listen on port 8080 since .NET 8: check EXPOSE and ASPNETCORE_HTTP_PORTS',
      'a chiseled runtime image has no shell and may lack ICU and time zone data',
    ],
  };
}
