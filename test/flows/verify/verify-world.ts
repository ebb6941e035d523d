import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openEvidence } from '../../../src/adapters/storage/open-evidence.ts';
import { temporaryFolders } from '../../../src/adapters/storage/temporary-folders.ts';
import { openWorkspace } from '../../../src/adapters/workspace/open-workspace.ts';
import { loadCatalog } from '../../../src/catalog/load.ts';
import { buildDefaultPolicy } from '../../../src/config/build-policy.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import { allRules } from '../../../src/domain/policy/rules/all-rules.ts';
import { hash } from '../../../src/domain/source/hash.ts';
import type { VerifySettings } from '../../../src/domain/verify/verify-settings.ts';
import { verify } from '../../../src/flows/verify/verify.ts';
import type { VerifyRequest } from '../../../src/flows/verify/verify-request.ts';
import type { VerifyResult } from '../../../src/flows/verify/verify-result.ts';
import type { CommandRun } from '../../../src/ports/builder.ts';
import { type Registry, RegistryError } from '../../../src/ports/registry.ts';
import type { Scanner } from '../../../src/ports/scanner.ts';
import { MemoryBuilder } from '../../fakes/memory/memory-builder.ts';
import { MemoryScanner } from '../../fakes/memory/memory-scanner.ts';

export const now = '2026-11-25T12:00:00.000Z';
export const time = Date.parse(now);

type Files = Readonly<Record<string, string>>;

/** Two trees on disk, and a builder, a scanner and a registry in memory. */
export class VerifyWorld {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'verify-')));
  readonly builder = new MemoryBuilder();
  readonly memoryScanner = new MemoryScanner(time - 3_600_000);
  scanner: Scanner | string = this.memoryScanner;
  /** Exit codes of commands on the host, by side. */
  hostExits: (command: string, side: string) => number = () => 0;
  readonly hostRuns: string[] = [];
  /** Registries answer for what is listed: a digest by canonical reference without its host. */
  digests = (reference: string): string => `sha256:${hash(reference).repeat(4)}`;
  isOnline = true;
  policy: Policy = buildDefaultPolicy(allRules);
  secrets: VerifyRequest['secrets'] = {};

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async verify(before: Files, after: Files, settings: Partial<VerifySettings> = {}): Promise<VerifyResult> {
    const policy = { ...this.policy, verify: { ...this.policy.verify, ...settings } };
    const [old, now_] = [this.#write('before', before), this.#write('after', after)];
    const revision = (name: string) => ({ name, commit: name, tree: name });
    return verify(
      {
        builder: this.builder,
        scanner: this.scanner,
        registry: this.#registry(),
        commands: { run: async (command, folder) => this.#host(command, folder) },
        evidence: openEvidence(join(this.folder, 'evidence')),
        temporary: temporaryFolders(this.folder),
      },
      {
        from: revision('main'),
        to: revision('update'),
        before: { side: 'before', folder: old, workspace: await openWorkspace(old), id: JSON.stringify(before) },
        after: { side: 'after', folder: now_, workspace: await openWorkspace(now_), id: JSON.stringify(after) },
        base: await openWorkspace(old),
        survey: {
          policy,
          settings: { buildArgs: {}, buildArgsOf: () => ({}) },
          policyPath: (path) => path,
          isSingleFile: false,
        },
        settings: policy.verify,
        contextOf: () => undefined,
        prefix: '',
        catalog: loadCatalog({ kind: 'none' }),
        ...{ now, time, platform: 'linux/amd64', secrets: this.secrets, buildTimeoutMs: 60_000, leftOut: [] },
        onStep: () => undefined,
      },
    );
  }

  #write(side: string, files: Files): string {
    const root = join(this.folder, side);
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return root;
  }

  async #host(command: string, folder: string): Promise<CommandRun> {
    const side = folder.endsWith('/after') ? 'after' : 'before';
    this.hostRuns.push(`${side}: ${command}`);
    return { exitCode: this.hostExits(command, side), output: 'tested', tookMs: 5 };
  }

  #registry(): Registry {
    const refuse = (): never => {
      throw new RegistryError('unavailable', 'docker.io', 'no network');
    };
    const resolve: Registry['resolve'] = async ({ repository }, tag) =>
      this.isOnline ? { digest: this.digests(`${repository}:${tag}`), mediaType: '' } : refuse();
    const readManifest: Registry['readManifest'] = async (_, digest) => ({
      kind: 'index',
      digest,
      annotations: new Map(),
      children: [{ digest, platform: { os: 'linux', architecture: 'amd64' }, annotations: new Map() }],
    });
    // Of a registry nothing else is asked here.
    return { resolve, readManifest } as Registry;
  }
}
