import { findRuntimeLibraries } from './alpine-packages.ts';
import type { SourceFile } from './source-file.ts';
import { nonrootUser, type Split } from './split.ts';
import type { SplitImages } from './split-images.ts';

export function splitPython(source: SourceFile, images: SplitImages): Split | undefined {
  const { python } = images;
  if (python === undefined) return undefined;
  // These install somewhere else than into the active virtual environment.
  const goesElsewhere = ['--user', '--target', '-t', '--prefix', '--root', '--system', '--break-system-packages'];
  const installs = source.commands.filter(({ words }) => words.includes('install'));
  if (
    installs.length === 0 ||
    installs.some(({ words }) =>
      words.some((word) => goesElsewhere.some((flag) => word === flag || word.startsWith(`${flag}=`))),
    )
  )
    return undefined;
  // A second virtual environment, or an editable install, would point to places that are not copied.
  if (source.commands.some(({ words }) => words.includes('venv') || words.includes('virtualenv'))) return undefined;
  const { known, unknown } = findRuntimeLibraries(source.buildPackages);
  const path = 'ENV PATH=/opt/venv/bin:$PATH';
  return {
    buildImage: python,
    buildLines: [
      '# Everything that pip installs goes into one folder that can be copied.',
      'RUN python -m venv /opt/venv',
      path,
      ...source.buildLines,
    ],
    runtimeImage: python,
    runtimePackages: [...new Set([...source.runtimePackages, ...known])],
    runtimeLines: [
      path,
      'COPY --from=build /opt/venv /opt/venv',
      '# Narrow this to the packages and files that the program reads.',
      `COPY --from=build ${source.workdir} ${source.workdir}`,
    ],
    user: nonrootUser,
    start: source.start,
    notes: [
      `both stages use ${python}: check that every package has a wheel for musl or builds there`,
      ...(unknown.length === 0 ? [] : [`add the runtime libraries behind ${unknown.join(', ')} to the final stage`]),
    ],
  };
}
