import type { Rule } from '../../rule.ts';
import { findRemainingBuildPackages, findRemovedBuildPackages } from './build-packages.ts';
import { readShippedRuns, type ShippedRun } from './shipped-runs.ts';

export const buildTools: Rule = {
  id: 'build-tools',
  title: 'build tools are installed in what ships',
  policy: '5.2.4 Multi-Stage Builds: build tools are not included in the production image',
  why:
    'Compilers, headers, build systems and git help an intruder and bring vulnerabilities that have to be patched. Read from the package names behind apt-get, apk, dnf, ' +
    'yum, microdnf and zypper. What the same RUN removes again (apk del .build-deps, apt-get purge --auto-remove) never reaches the image; what a later RUN removes stays in the earlier layer.',
  levels: { ships: 'warn', builds: 'off' },
  wrong:
    'FROM python:3.14-alpine\nRUN apk add --no-cache gcc musl-dev\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nUSER 65532\nCMD ["python", "-m", "app"]\n',
  right:
    'FROM python:3.14-alpine\nCOPY requirements.txt .\nRUN apk add --no-cache --virtual .build-deps gcc musl-dev \\\n && pip install --no-cache-dir -r requirements.txt \\\n && apk del .build-deps\nUSER 65532\nCMD ["python", "-m", "app"]\n',
  remedy: 'Install build tools in a build stage and copy the result, or remove them in the RUN that installed them.',
  find(subject) {
    const runs = readShippedRuns(subject.shipped);
    return runs.flatMap((run, index) => {
      const packages = findRemainingBuildPackages(run);
      if (packages.length === 0) return [];
      const shown =
        packages.length > 6
          ? `${packages.slice(0, 6).join(', ')} and ${packages.length - 6} more`
          : packages.join(', ');
      const late = findLateRemoval(packages, runs.slice(index + 1));
      const afterthought =
        late === undefined
          ? ''
          : `; the removal on line ${late} does not shrink the image, the earlier layer keeps them`;
      return [
        {
          reason: `${shown} installed in what ships${afterthought}`,
          fix: 'install them in a build stage, or remove them in the same RUN',
          line: run.instruction.line,
        },
      ];
    });
  },
};

function findLateRemoval(packages: readonly string[], later: readonly ShippedRun[]): number | undefined {
  const names = new Set(packages);
  // A file with more RUN lines than this gets the finding without the remark.
  const run = later
    .slice(0, 100)
    .find((candidate) => findRemovedBuildPackages(candidate).some((name) => names.has(name) || name.startsWith('.')));
  return run?.instruction.line;
}
