import type { Rule, RuleSubject } from '../../rule.ts';
import { findShippedCompilation } from './single-stage.ts';

/** Full images of these also serve to run programs; they count only when a build stage made the program. */
const runtimeRepositories = new Set([
  'node',
  'python',
  'ruby',
  'php',
  'perl',
  'eclipse-temurin',
  'amazoncorretto',
  'bun',
  'deno',
]);

export const builderImage: Rule = {
  id: 'builder-image',
  title: 'what ships is built on an image made for building',
  policy: '5.2.4 Multi-Stage Builds: build tools are not included in the production image',
  why:
    'Images like golang, maven, gradle, rust or the .NET SDK bring compilers and package managers that the running program never needs, with their vulnerabilities ' +
    'and often a gigabyte. The full node and python images count too once another stage does the building. Silent where single-stage already speaks: one cause, one finding.',
  levels: { ships: 'warn', builds: 'off' },
  wrong:
    'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY go.mod main.go ./\nRUN go build -o /out/app .\n\nFROM golang:1.27\nCOPY --from=build /out/app /app\nUSER 65532\nCMD ["/app"]\n',
  right:
    'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY go.mod main.go ./\nRUN CGO_ENABLED=0 go build -o /out/app .\n\nFROM alpine:3.24\nCOPY --from=build /out/app /app\nUSER 65532\nCMD ["/app"]\n',
  remedy:
    'Keep the builder image for the build stage; end with a runtime image (alpine, distroless, a -slim, -jre or runtime variant) and COPY --from=build the result.',
  find(subject) {
    if (subject.facts?.isBuilder !== true || subject.shipped.length === 0) return [];
    const name = subject.reference?.repository.split('/').at(-1) ?? subject.use.written;
    if (runtimeRepositories.has(name) && !copiesFromBuildStage(subject)) return [];
    if (findShippedCompilation(subject) !== undefined) return [];
    return [
      {
        reason: `${name} is an image for building, and this stage ships`,
        fix: 'end with a runtime image and COPY --from a build stage what the program needs',
      },
    ];
  },
};

function copiesFromBuildStage({ shipped }: RuleSubject): boolean {
  const indices = new Set(shipped.map(({ index }) => index));
  return shipped.some(({ copiesFrom }) => copiesFrom.some((index) => !indices.has(index)));
}
