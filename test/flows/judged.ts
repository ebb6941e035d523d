import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openWorkspace } from '../../src/adapters/workspace/open-workspace.ts';
import { loadCatalog } from '../../src/catalog/load.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import type { Baseline } from '../../src/domain/policy/baseline.ts';
import { allRules } from '../../src/domain/policy/rules/all-rules.ts';
import { check } from '../../src/flows/check.ts';
import type { CheckResult, JudgedUse } from '../../src/flows/check-result.ts';
import type { World } from '../../src/flows/online/ask-about.ts';
import { toResult } from '../../src/flows/summarise.ts';
import type { Registry } from '../../src/ports/registry.ts';

export type Settings = {
  readonly now?: string;
  readonly policy?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly baseline?: Baseline;
  readonly only?: readonly string[];
  readonly explain?: boolean;
  readonly platform?: string;
  readonly isRepositoryRoot?: boolean;
  /** Asked about every image. */
  readonly registry?: Registry;
  readonly scanning?: World['scanning'];
  /** The files of the base branch. */
  readonly base?: Readonly<Record<string, string>>;
};

/** Runs the whole flow over real files with the real catalog. */
export async function judge(files: Readonly<Record<string, string>>, settings: Settings = {}): Promise<CheckResult> {
  const root = mkdtempSync(join(tmpdir(), 'judge-'));
  try {
    writeFiles(join(root, 'tree'), files);
    writeFiles(join(root, 'base'), settings.base ?? {});
    const now = settings.now ?? '2026-11-23T00:00:00.000Z';
    const policyPath = join(root, '..', `${root.split('/').at(-1)}.yaml`);
    if (settings.policy !== undefined) writeFileSync(policyPath, settings.policy);
    const loaded = await loadPolicy(settings.policy === undefined ? undefined : policyPath, allRules, now.slice(0, 10));
    rmSync(policyPath, { force: true });
    if (loaded.kind === 'problems') throw new Error(JSON.stringify(loaded.problems));
    const catalog = loadCatalog();
    const tree = await check(
      {
        workspace: await openWorkspace(join(root, 'tree')),
        ...(settings.registry === undefined ? {} : { registry: settings.registry }),
        ...(settings.scanning === undefined ? {} : { scanning: settings.scanning }),
      },
      {
        policy: loaded.policy,
        rules: allRules,
        catalog,
        now,
        isSingleFile: false,
        isPartial: false,
        isRepositoryRoot: settings.isRepositoryRoot ?? false,
        policyPath: (path) => path,
        explain: settings.explain ?? false,
        settings: {
          buildArgs: settings.buildArgs ?? {},
          buildArgsOf: () => ({}),
          ...(settings.platform === undefined ? {} : { targetPlatform: settings.platform }),
        },
        ...(settings.base === undefined ? {} : { base: await openWorkspace(join(root, 'base')) }),
        ...(settings.only === undefined ? {} : { only: new Set(settings.only) }),
        ...(settings.baseline === undefined
          ? {}
          : { baseline: { content: settings.baseline, path: 'basekeeper-baseline.json' } }),
      },
    );
    return toResult([tree], catalog, now);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(root);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

/** The uses of one Dockerfile. */
export async function judgeDockerfile(text: string, settings: Settings = {}): Promise<readonly JudgedUse[]> {
  const result = await judge({ Dockerfile: text }, settings);
  return result.files[0]?.uses ?? [];
}

/** `rule verdict` of every breach of a use, sorted. */
export function breaches(use: JudgedUse | undefined): readonly string[] {
  return (use?.rules ?? []).map(({ rule, verdict }) => `${rule} ${verdict}`).sort();
}
