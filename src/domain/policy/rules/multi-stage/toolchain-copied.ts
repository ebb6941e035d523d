import type { Dockerfile, Instruction } from '../../../dockerfile/dockerfile.ts';
import type { Rule, RuleSubject } from '../../rule.ts';
import { readCompileCommand } from './compile-command.ts';
import { type CopiedPaths, readCopiedPaths } from './copied-paths.ts';
import { readCommands } from './shell-words.ts';

const toolchainPaths = new Set([
  '/',
  '/usr',
  '/usr/local',
  '/usr/local/go',
  '/usr/lib/go',
  '/usr/local/cargo',
  '/usr/local/rustup',
  '/root/.cargo',
  '/root/.rustup',
  '/go',
  '/root/go',
  '/root/.m2',
  '/root/.gradle',
  '/home/gradle/.gradle',
  '/usr/share/maven',
  '/opt/gradle',
  '/opt/maven',
  '/root/.nuget',
  '/root/.npm',
  '/usr/share/dotnet/sdk',
  '/usr/share/dotnet',
  '/root/.cache',
  '/root',
  '$GOROOT',
  '$GOPATH',
  '$CARGO_HOME',
  '$RUSTUP_HOME',
  '$MAVEN_HOME',
  '$GRADLE_HOME',
]);
const builderNames = new Set(['golang', 'rust', 'maven', 'gradle', 'gcc', 'sdk', 'node', 'buildpack-deps']);

export const toolchainCopied: Rule = {
  id: 'toolchain-copied',
  title: 'the toolchain is copied from the build stage into what ships',
  policy: '5.2.4 Multi-Stage Builds: build tools are not included in the production image',
  why:
    'COPY --from of /, /usr, /usr/local, a GOROOT or a Cargo home brings compilers and caches back and undoes the second stage. Read from the source paths of COPY --from ' +
    'in the stages that ship. Copying the root of a stage that compiles nothing into scratch only squashes layers and is allowed.',
  levels: { ships: 'warn', builds: 'off' },
  wrong:
    'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY go.mod main.go ./\nRUN go build -o /usr/local/bin/app .\n\nFROM alpine:3.24\nCOPY --from=build /usr/local /usr/local\nUSER 65532\nCMD ["app"]\n',
  right:
    'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY go.mod main.go ./\nRUN go build -o /usr/local/bin/app .\n\nFROM alpine:3.24\nCOPY --from=build /usr/local/bin/app /usr/local/bin/app\nUSER 65532\nCMD ["app"]\n',
  remedy: 'Copy the program and the files it needs, by their own paths.',
  find(subject) {
    return subject.shipped.flatMap((stage) =>
      stage.instructions.flatMap((instruction) => {
        const copied = readCopiedPaths(instruction);
        if (copied?.from === undefined) return [];
        const found = copied.sources.map(normalisePath).filter((path) => toolchainPaths.has(path));
        if (found.length === 0 || isSquash(subject, instruction, copied)) return [];
        return [
          {
            reason: `${found.join(', ')} copied from ${copied.from} brings the toolchain into what ships`,
            fix: 'copy only the program and the files it needs',
            line: instruction.line,
          },
        ];
      }),
    );
  },
};

function normalisePath(path: string): string {
  const variable = /^\$\{([A-Z_]{1,40})\}/.exec(path);
  const plain = variable === null ? path : `$${variable[1]}${path.slice(variable[0].length)}`;
  let end = plain.length;
  while (
    end > 1 &&
    (plain.charAt(end - 1) === '/' ||
      (plain.charAt(end - 1) === '.' && plain.charAt(end - 2) === '/') ||
      (plain.charAt(end - 1) === '*' && plain.charAt(end - 2) === '/'))
  )
    end -= 1;
  return plain.startsWith('/') || plain.startsWith('$') ? plain.slice(0, end) : `/${plain.slice(0, end)}`;
}

function isSquash({ use, dockerfile }: RuleSubject, instruction: Instruction, { from, sources }: CopiedPaths): boolean {
  if (use.image.kind !== 'scratch' || dockerfile === undefined || from === undefined) return false;
  if (sources.some((path) => normalisePath(path) !== '/') || instruction.keyword !== 'COPY') return false;
  const source = findSourceStages(dockerfile, from);
  return (
    source.length > 0 &&
    source.every(({ base, instructions }) => !isBuilderBase(base?.written) && !instructions.some(compiles))
  );
}

/** The stage that `--from` names, and the stages below it. */
function findSourceStages({ stages }: Dockerfile, from: string) {
  const chain = [];
  let stage = /^\d{1,5}$/.test(from)
    ? stages[Number(from)]
    : stages.findLast(({ name }) => name === from.toLowerCase());
  while (stage !== undefined && chain.length < stages.length) {
    chain.push(stage);
    stage = stage.from === undefined ? undefined : stages[stage.from];
  }
  return chain;
}

function isBuilderBase(written: string | undefined): boolean {
  const name = written?.split('@')[0]?.split('/').at(-1)?.split(':')[0];
  return name !== undefined && builderNames.has(name);
}

function compiles(instruction: Instruction): boolean {
  return (
    instruction.keyword === 'RUN' &&
    readCommands(instruction).some(({ words }) => readCompileCommand(words) !== undefined)
  );
}
