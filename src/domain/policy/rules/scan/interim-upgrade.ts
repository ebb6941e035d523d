import type { Dockerfile } from '../../../dockerfile/dockerfile.ts';
import type { ImageUse } from '../../../image/image-use.ts';
import { baseOf, findInterimLines, type InterimLine } from '../../../interim/interim-lines.ts';
import { tellMarks, unmarkedFindings } from '../../../interim/interim-mark.ts';
import { interimState } from '../../../interim/interim-state.ts';
import { planUpgrade } from '../../../interim/plan-upgrade.ts';
import type { Rule, RuleFinding, RuleSubject } from '../../rule.ts';
import type { ScanFacts } from '../../scan-facts.ts';

export const interimUpgrade: Rule = {
  id: 'interim-upgrade',
  title: 'a package is upgraded until the base has the fix',
  policy: '5.2.5 Patch Process for Base Images: CRITICAL, immediate update',
  why:
    'A RUN marked with "# basekeeper interim" upgrades packages of the base until that is patched itself. Each marked line is held ' +
    'against the scan of its base: it is needed as long as the base has one of the vulnerabilities that it names. What a scan that failed ' +
    'does not tell is left as it is. Of a base with a CRITICAL vulnerability that has a fix, the line that would upgrade the packages is told. ' +
    'See docs/interim.md.',
  levels: { ships: 'info', builds: 'info' },
  isScan: true,
  wrong:
    'FROM alpine:3.24\n# basekeeper interim CVE-2026-1234 openssl: remove when the base has 3.5.4-r1\n' +
    'RUN apk add --no-cache --upgrade \'libssl3>=3.5.4-r1\'\nUSER 65532\nCMD ["/app"]\n',
  right: 'FROM alpine:3.24\nUSER 65532\nCMD ["/app"]\n',
  remedy:
    'Once the base has caught up, remove the marks and the RUN below them; `basekeeper update --interim --write` does.',
  find(subject) {
    const { use, scan, dockerfile } = subject;
    if (scan === undefined || dockerfile === undefined || use.stage === undefined) return [];
    const lines = linesOn(use, dockerfile);
    return [...lines.map((line) => told(line, scan)), ...possible(subject, lines)];
  },
};

/** The line that would upgrade what no mark names, where nothing newer is known of the base. */
function possible(
  { use, scan, reference, registry }: RuleSubject,
  lines: readonly InterimLine[],
): readonly RuleFinding[] {
  const isNewer =
    registry?.tag?.kind === 'moved' || (registry?.newer?.kind === 'listed' && registry.newer.recommended !== undefined);
  if (use.role !== 'final' || scan?.kind !== 'scanned' || reference === undefined || isNewer) return [];
  const open = unmarkedFindings(
    scan.findings.filter(({ severity, fixedVersion }) => severity === 'critical' && fixedVersion !== undefined),
    lines,
  );
  if (open.length === 0) return [];
  const { run, marks, left } = planUpgrade(open, { reference, user: undefined });
  const untold = left.map(
    ({ finding: { id, sourcePackage }, reason }) => `${id} in ${sourcePackage} has no interim upgrade: ${reason}`,
  );
  const upgrade = {
    reason: `until the base is patched, an upgrade in the Dockerfile mends ${tellMarks(marks)}`,
    fix: `write below its line, or have basekeeper update --interim --write do it: ${run}`,
  };
  return [...(run === undefined ? [] : [upgrade]), ...untold.map((reason) => ({ reason, fix: 'take another base' }))];
}

/** A file may have thousands of uses: its lines are looked for once. */
const known = new WeakMap<Dockerfile, readonly InterimLine[]>();

/** Those of the stages that are built on a use, whatever stages are between. */
function linesOn(use: ImageUse, dockerfile: Dockerfile): readonly InterimLine[] {
  const lines = known.get(dockerfile) ?? findInterimLines(dockerfile).value;
  known.set(dockerfile, lines);
  return lines.filter(({ stage }) => baseOf(dockerfile.stages[stage], dockerfile) === use);
}

function told(line: InterimLine, scan: ScanFacts): RuleFinding {
  const { marks, from, to } = line;
  const named = tellMarks(marks);
  const versions = [...new Set(marks.map(({ sourcePackage, fixedVersion }) => `${sourcePackage} ${fixedVersion}`))];
  switch (interimState(marks, scan)) {
    case 'needed':
      return { line: from, reason: `the upgrade for ${named} is needed still: the base has no ${versions.join(', ')}` };
    case 'unknown':
      return {
        line: from,
        reason: `whether the upgrade for ${named} is needed still is not known: the scan of the base does not tell`,
      };
    case 'caught-up': {
      const fix = line.isUpgradeAlone
        ? `remove lines ${from}–${to}; basekeeper update --interim --write does`
        : `remove the mark and what the RUN of lines ${from}–${to} upgrades: it does other things as well`;
      return { line: from, reason: `the base has caught up: its scan is free of ${named}`, fix };
    }
  }
}
