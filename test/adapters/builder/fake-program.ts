import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuilderSettings } from '../../../src/adapters/builder/builder-settings.ts';
import { buildEnvironment } from '../../../src/config/build-environment.ts';
import type { BuildRequest } from '../../../src/ports/builder.ts';

export type Stage = {
  readonly folder: string;
  readonly settings: BuilderSettings;
  readonly request: BuildRequest;
  close(): void;
};

/** A builder's folder with a program in place of the builder, written in shell: `$*` are its arguments. */
export function stage(text: string, free: () => number = () => Number.POSITIVE_INFINITY): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'basekeeper-builder-'));
  const program = join(folder, 'builder');
  writeFileSync(program, `#!/bin/sh\n${text}\n`);
  chmodSync(program, 0o755);
  for (const name of ['home', 'tmp']) mkdirSync(join(folder, name));
  const context = join(folder, 'context');
  mkdirSync(context);
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\n');
  const environment = buildEnvironment({ ...process.env, GITHUB_TOKEN: 'ghp_secret' }, folder);
  return {
    folder,
    settings: { program, folder: join(folder, 'storage'), environment, freeBytes: async () => free() },
    request: {
      context,
      dockerfile: join(context, 'Dockerfile'),
      args: {},
      contexts: {},
      secrets: {},
      layout: join(folder, 'image'),
      timeoutMs: 20_000,
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
