import type { Rule } from '../../rule.ts';
import { readCopiedPaths } from './copied-paths.ts';

export const copyAll: Rule = {
  id: 'copy-all',
  title: 'the whole build context is copied into what ships',
  policy: '5.2.4 Multi-Stage Builds: minimal attack surface',
  why:
    'COPY . . takes whatever lies in the folder: sources, tests, .git, local secrets, unless .dockerignore names each of them, and it rebuilds at every change. ' +
    'Read from COPY and ADD without --from in the stages that ship; one with --exclude counts as considered. .dockerignore is not read.',
  levels: { ships: 'info', builds: 'off' },
  wrong: 'FROM node:26-alpine\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n',
  right:
    'FROM node:26-alpine\nWORKDIR /app\nCOPY package.json server.js ./\nCOPY src ./src\nUSER node\nCMD ["node", "server.js"]\n',
  remedy:
    'Name the files and folders that the program needs, or copy everything into a build stage and from there only the result.',
  find(subject) {
    return subject.shipped.flatMap((stage) =>
      stage.instructions.flatMap((instruction) => {
        const copied = readCopiedPaths(instruction);
        if (
          copied === undefined ||
          copied.from !== undefined ||
          instruction.flags.some(({ name }) => name === 'exclude')
        )
          return [];
        const source = copied.sources.find((path) => ['.', './', '/', './.', '*', './*'].includes(path));
        if (source === undefined) return [];
        return [
          {
            reason: `${instruction.keyword} ${source} takes the whole build context`,
            fix: 'name the files that the program needs',
            line: instruction.line,
          },
        ];
      }),
    );
  },
};
