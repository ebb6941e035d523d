import type { Rule, RuleSubject } from '../../rule.ts';
import { findCompileCommands } from './compile-command.ts';
import { readShippedRuns } from './shipped-runs.ts';

export const singleStage: Rule = {
  id: 'single-stage',
  title: 'the image that ships is also the one that compiles',
  policy: '5.2.4 Multi-Stage Builds',
  why:
    'A stage that compiles holds compilers, package managers, sources and development dependencies; when it is also the stage that ships, all of ' +
    'them are in production: more to attack, more to patch, more to pull. The answer comes from the command words of the RUN lines, when no other ' +
    'stage builds anything for what ships. A RUN that removes its build packages again counts as clean. On a builder image this finding stands for builder-image too.',
  levels: { ships: 'warn', builds: 'off' },
  wrong:
    'FROM node:26-alpine\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY src ./src\nRUN npm run build\nUSER node\nCMD ["node", "dist/server.js"]\n',
  right:
    'FROM node:26-alpine AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY src ./src\nRUN npm run build\n\n' +
    'FROM node:26-alpine\nWORKDIR /app\nCOPY --from=build /app/dist ./dist\nUSER node\nCMD ["node", "dist/server.js"]\n',
  remedy:
    'Name the stage (`AS build`), add a second FROM on a small runtime image, and COPY --from=build only what the program needs; `check --explain` writes a version to start from.',
  find(subject) {
    const first = findShippedCompilation(subject);
    if (first === undefined) return [];
    return [
      {
        reason: `the only stage runs ${first.text}, so what compiles also ships`,
        fix: 'compile in a build stage and COPY --from it only the result',
        line: first.line,
      },
    ];
  },
};

/**
 * The first RUN that compiles in what ships, when no stage but the shipped ones has a part in it. Whether the file has other,
 * unneeded stages does not matter.
 */
export function findShippedCompilation(
  subject: RuleSubject,
): { readonly text: string; readonly line: number } | undefined {
  const shipped = new Set(subject.shipped.map(({ index }) => index));
  if (subject.shipped.some(({ copiesFrom }) => copiesFrom.some((index) => !shipped.has(index)))) return undefined;
  for (const run of readShippedRuns(subject.shipped)) {
    const texts = [...new Set(findCompileCommands(run).map(({ text }) => text))];
    if (texts.length > 0) return { text: texts.slice(0, 3).join(', '), line: run.instruction.line };
  }
  return undefined;
}
