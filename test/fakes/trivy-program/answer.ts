import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { imageIdOfInventory, imageIdOfLayout, imageIdOfReport } from './asked-image.ts';
import type { Mischief, TrivyState } from './trivy-program.ts';

/** Plays Trivy: answers with the real reports of test/fixtures/scans, and misbehaves as its state says. */
const [, , home = '', ...args] = process.argv;
const state = JSON.parse(readFileSync(join(home, 'state.json'), 'utf8')) as TrivyState;
const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'scans');
const [command = ''] = args;
const verb = command === 'image' && args.includes('--download-db-only') ? 'download' : command;
const mischief = state.mischief?.[verb];

appendFileSync(join(home, 'runs'), `${verb}\n`);
writeFileSync(join(home, 'environment'), JSON.stringify(process.env));
if (mischief !== undefined) misbehave(mischief);
else answer();

function answer(): void {
  switch (verb) {
    case 'version':
      console.log(JSON.stringify({ Version: state.version, VulnerabilityDB: JSON.parse(metadata() ?? 'null') }));
      break;
    case 'download':
      putDatabase(state.updatedAt);
      break;
    case 'image':
      requireDatabase();
      write(renamed(report(imageId(option('--input'))), option('--input')));
      break;
    case 'convert':
      write(fixture(nameOf(imageIdOfReport(readFileSync(args.at(-1) ?? '', 'utf8'))), 'inventory'));
      break;
    case 'sbom': {
      requireDatabase();
      const [, path = ''] = args;
      write(renamed(fixture(nameOf(imageIdOfInventory(readFileSync(path, 'utf8'))), 'rematched'), path));
      break;
    }
    default:
      fail(`unknown command "${verb}"`);
  }
}

function misbehave(how: Mischief): void {
  const output = optional('--output') ?? optional('-o');
  const put = (text: string) => output !== undefined && writeFileSync(output, text);
  switch (how) {
    case 'hangs':
      leaveChild([]);
      setInterval(() => undefined, 1000);
      break;
    case 'crashes':
      console.error(
        `\u001b[31mFATAL\u001b[0m\tpanic: out of ideas, token ${process.env['TRIVY_TOKEN']} at http://me:hunter2@proxy/`,
      );
      process.kill(process.pid, 'SIGKILL');
      break;
    case 'lacks a database':
      fail('[vulndb] The first run cannot skip downloading DB');
      break;
    case 'writes half':
      put(report(imageId(option('--input'))).slice(0, 2000));
      break;
    case 'writes half an inventory':
      put(fixture('old', 'inventory').slice(0, 2000));
      break;
    case 'writes for ever':
      for (;;) if (output !== undefined) appendFileSync(output, Buffer.alloc(1024 * 1024, 32));
    case 'writes 10 GB':
      put('{');
      if (output !== undefined) truncateSync(output, 10_000_000_000);
      break;
    case 'takes memory for ever':
      for (const taken: Buffer[] = []; ; ) taken.push(Buffer.alloc(16 * 1024 * 1024, 1));
    case 'prints for ever':
      for (;;) spawnSync('/bin/echo', ['x'.repeat(60_000)], { stdio: 'inherit' });
    case 'tells of another':
      put(fixture('new'));
      break;
    case 'writes another format':
      put('{"matches":[],"source":{},"distro":{},"descriptor":{"name":"grype"}}');
      break;
    case 'links to a secret':
      writeFileSync(join(home, 'secret'), renamed(fixture('new'), option('--input')));
      if (output !== undefined) symlinkSync(join(home, 'secret'), output);
      break;
    case 'writes a pipe':
      if (output !== undefined) spawnSync('/usr/bin/mkfifo', [output]);
      break;
    case 'exits with 1':
      answer();
      process.exitCode = 1;
      break;
    case 'leaves a child':
      leaveChild([]);
      answer();
      break;
    case 'leaves a child in a session of its own':
      leaveChild(['setsid']);
      answer();
      break;
    case 'sees a renewal':
      answer();
      putDatabase(new Date(Date.parse(state.updatedAt) + 1000 * runs('image')).toISOString());
      break;
    case 'sees one renewal':
      answer();
      putDatabase('2026-11-25T01:00:00Z');
      break;
    case 'removes its folder':
      rmSync(process.cwd(), { recursive: true });
      setTimeout(() => undefined, 1000);
      break;
    case 'says nothing':
      break;
  }
}

/** It holds the pipes of this one, and writes where it is. */
function leaveChild(before: readonly string[]): void {
  const [program = '/bin/sleep', ...rest] = [...before, '/bin/sleep', '600'];
  const child = spawn(program, rest, { stdio: 'inherit' });
  child.unref();
  writeFileSync(join(home, 'child'), String(child.pid));
}

function report(id: string): string {
  return fixture(nameOf(id));
}

function fixture(name: string, kind?: 'inventory' | 'rematched'): string {
  return readFileSync(join(fixtures, `${name}${kind === undefined ? '' : `.${kind}`}.json`), 'utf8');
}

function renamed(text: string, name: string): string {
  return JSON.stringify({ ...JSON.parse(text), ArtifactName: name });
}

/** Which fixture is of this image. */
function nameOf(id: string): string {
  const like = state.like?.[id];
  if (like !== undefined) return like;
  const name = readdirSync(fixtures)
    .filter((file) => /^[a-z-]+\.json$/.test(file) && file !== 'suppressed.json')
    .find((file) => readFileSync(join(fixtures, file), 'utf8').includes(`"ImageID": "${id}"`));
  return name?.replace('.json', '') ?? fail(`no such image: ${id}`);
}

function imageId(layout: string): string {
  return imageIdOfLayout(layout) ?? fail(`unable to open ${layout}: no such file or directory`);
}

function requireDatabase(): void {
  if (optional('--server') === undefined && metadata() === undefined)
    fail('[vulndb] The first run cannot skip downloading DB');
}

function metadata(): string | undefined {
  const cache = optional('--cache-dir');
  const path = cache === undefined ? undefined : join(cache, 'db', 'metadata.json');
  return path !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function putDatabase(updatedAt: string): void {
  const folder = join(option('--cache-dir'), 'db');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'metadata.json'), JSON.stringify({ Version: 2, UpdatedAt: updatedAt }));
}

function runs(of: string): number {
  return readFileSync(join(home, 'runs'), 'utf8')
    .split('\n')
    .filter((run) => run === of).length;
}

function write(text: string): void {
  writeFileSync(option('--output'), text);
}

function option(name: string): string {
  return optional(name) ?? fail(`${name} is required`);
}

function optional(name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

function fail(message: string): never {
  console.error(`2026-11-25T00:00:00Z\tFATAL\tFatal error\t${message}`);
  process.exit(1);
}
