import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDockerfile } from '../../../../src/domain/dockerfile/parse-dockerfile.ts';
import type { SplitImages } from '../../../../src/domain/dockerfile/split/split-images.ts';
import { suggestMultiStage } from '../../../../src/domain/dockerfile/split/suggest-multi-stage.ts';
import { multiStageRules } from '../../../../src/domain/policy/rules/multi-stage/multi-stage-rules.ts';
import { findIn } from '../../policy/rules/multi-stage/rule-table.ts';

const images: SplitImages = {
  node: 'node:26-alpine',
  goBuild: 'golang:1.27-alpine',
  goRuntime: 'gcr.io/distroless/static-debian13:nonroot',
  python: 'python:3.14-alpine',
  mavenBuild: 'maven:3.9-eclipse-temurin-25-alpine',
  gradleBuild: 'gradle:9-jdk25-alpine',
  javaRuntime: 'eclipse-temurin:25-jre-alpine',
  dotnetBuild: 'mcr.microsoft.com/dotnet/sdk:10.0-alpine',
  dotnetRuntime: 'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled',
};
const suggest = (text: string, given: SplitImages = images) =>
  suggestMultiStage(parseDockerfile(text, { buildArgs: {} }), { images: given });

for (const [name, text, ...lines] of [
  [
    'a compiled Node.js server',
    'FROM node:18\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nEXPOSE 3000\nCMD ["node", "dist/server.js"]',
    'RUN npm prune --omit=dev',
    'COPY --from=build /app/dist ./dist',
    'EXPOSE 3000',
    'USER node',
    'CMD ["node", "dist/server.js"]',
  ],
  [
    'npm start',
    'FROM node:20\nWORKDIR /usr/src/app\nCOPY . .\nRUN npm install && npm run build\nCMD npm start',
    'COPY --from=build /usr/src/app /usr/src/app',
    'CMD ["npm", "start"]',
  ],
  [
    'Yarn, which newer images lack',
    'FROM node:16\nWORKDIR /app\nCOPY . .\nRUN yarn --frozen-lockfile && yarn build\nCMD ["yarn", "start"]',
    'RUN npm install --global --force yarn',
    'CMD ["npm", "run", "start"]',
  ],
  [
    'pnpm by Corepack',
    'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN corepack enable\nRUN pnpm install --frozen-lockfile\nRUN pnpm build\nCMD ["node", "build/index.js"]',
    'RUN npm install --global --force corepack',
    'RUN pnpm prune --prod',
    'COPY --from=build /app/build ./build',
  ],
  [
    'Debian packages on Node.js',
    'FROM node:22\nRUN_DIR\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist/a.js"]'.replace(
      'RUN_DIR',
      'WORKDIR /app\nRUN apt-get update && apt-get install -y --no-install-recommends build-essential python3 ffmpeg && rm -rf /var/lib/apt/lists/*',
    ),
    'RUN apk add --no-cache build-base python3 ffmpeg',
    'RUN apk add --no-cache ffmpeg',
  ],
  [
    'a Go server',
    'FROM golang:1.22\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -ldflags="-s -w" -o /bin/server ./cmd/server\nEXPOSE 8080\nENTRYPOINT ["/bin/server"]\nCMD ["--port", "8080"]',
    'ENV CGO_ENABLED=0',
    'COPY --from=build /bin/server /bin/server',
    'ENTRYPOINT ["/bin/server"]',
    'CMD ["--port", "8080"]',
  ],
  [
    'Go without -o',
    'FROM golang:1.22-alpine\nRUN_\nWORKDIR /app\nCOPY . .\nRUN CGO_ENABLED=0 go build .\nCMD ./server'.replace(
      'RUN_\n',
      '',
    ),
    'COPY --from=build /app/server /app/server',
    'CMD ["/app/server"]',
  ],
  [
    'go install',
    'FROM golang:1.22\nWORKDIR /go/src/app\nCOPY . .\nRUN go install ./...\nCMD ["app"]',
    'COPY --from=build /go/bin/app /go/bin/app',
    'CMD ["/go/bin/app"]',
  ],
  [
    'Python with a compiler',
    'FROM python:3.11\nENV PYTHONUNBUFFERED=1\nWORKDIR /app\nRUN apt-get update && apt-get install -y gcc libpq-dev\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "app:app"]',
    'RUN python -m venv /opt/venv',
    'COPY --from=build /opt/venv /opt/venv',
    'RUN apk add --no-cache libpq',
    'ENV PYTHONUNBUFFERED=1',
    'USER 65532:65532',
  ],
  [
    'Maven',
    'FROM maven:3.8-openjdk-17\nWORKDIR /app\nCOPY pom.xml .\nCOPY src ./src\nRUN mvn -B package -DskipTests\nENTRYPOINT ["java", "-Xmx512m", "-jar", "target/app.jar"]',
    'COPY --from=build /app/target/app.jar /app/target/app.jar',
    'ENTRYPOINT ["java", "-Xmx512m", "-jar", "target/app.jar"]',
  ],
  [
    'the Gradle wrapper',
    'FROM openjdk:17\nWORKDIR /app\nCOPY . .\nRUN ./gradlew bootJar && cp build/libs/app-1.jar app.jar\nCMD java -jar app.jar',
    'COPY --from=build /app/app.jar /app/app.jar',
    'CMD ["java", "-jar", "app.jar"]',
  ],
  [
    '.NET',
    'FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /src\nCOPY . .\nRUN dotnet publish Web.csproj -c Release -o /app/publish\nWORKDIR /app/publish\nENTRYPOINT ["dotnet", "Web.dll"]',
    'COPY --from=build /app/publish /app/publish',
    'ENTRYPOINT ["dotnet", "Web.dll"]',
  ],
] as const) {
  test(`splits ${name} into a file that parses and keeps every multi-stage rule`, () => {
    const suggestion = suggest(text);
    assert.ok(suggestion);
    for (const line of lines)
      assert.ok(suggestion.text.split('\n').includes(line), `${line} is not in\n${suggestion.text}`);
    const parsed = parseDockerfile(suggestion.text, { buildArgs: {} });
    assert.deepEqual(parsed.problems, []);
    assert.deepEqual(
      parsed.stages.map(({ role }) => role),
      ['build', 'final'],
    );
    assert.deepEqual(
      multiStageRules.flatMap((rule) => findIn(rule, suggestion.text)),
      [],
    );
    assert.equal(suggest(suggestion.text), undefined);
    assert.ok(suggestion.notes.length > 0);
  });
}

const node = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n';
for (const [name, text] of [
  ['compiles nothing', 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "a.js"]'],
  ['starts nothing', node],
  [
    'has stages already',
    'FROM node:22 AS b\nRUN npm run build\nFROM node:22\nCOPY --from=b /a /a\nCMD ["node", "a.js"]',
  ],
  ['starts through a shell', `${node}CMD node dist/a.js && echo done`],
  ['starts another server', `${node}CMD ["serve", "-s", "build"]`],
  ['has no working folder', 'FROM node:22\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist/a.js"]'],
  ['works in the root folder', 'FROM node:22\nWORKDIR /\nCOPY . .\nRUN npm run build\nCMD ["node", "dist/a.js"]'],
  ['runs a program that is not known', `${node}RUN ./configure-it\nCMD ["node", "dist/a.js"]`],
  [
    'installs a Debian package that is not known on Alpine',
    `${node}RUN apt-get install -y libfoo7\nCMD ["node", "dist/a.js"]`,
  ],
  [
    'changes the folder',
    'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN cd web && npm ci && npm run build\nCMD ["node", "dist/a.js"]',
  ],
  [
    'changes the shell',
    `SHELL_${node}`.replace('SHELL_FROM node:22\n', 'FROM node:22\nSHELL ["bash", "-c"]\n') +
      'CMD ["node", "dist/a.js"]',
  ],
  ['mixes ecosystems', 'FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN npm run build\nRUN go build -o /x .\nCMD ["/x"]'],
  ['needs cgo', 'FROM golang:1.22\nWORKDIR /app\nENV CGO_ENABLED=1\nCOPY . .\nRUN go build -o /x .\nCMD ["/x"]'],
  [
    'starts another Go program than it builds',
    'FROM golang:1.22\nWORKDIR /app\nCOPY . .\nRUN go build -o /x .\nCMD ["/y"]',
  ],
  [
    'publishes .NET somewhere else',
    'FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /a\nENTRYPOINT ["dotnet", "/b/W.dll"]',
  ],
  [
    'starts a jar that nothing makes',
    'FROM maven:3\nWORKDIR /a\nCOPY . .\nRUN mvn package\nCMD ["java", "-jar", "/opt/x.jar"]',
  ],
  ['is Rust', 'FROM rust:1.95\nWORKDIR /a\nCOPY . .\nRUN cargo build\nCMD ["/a/target/debug/x"]'],
  ['has a heredoc', `${node}RUN <<EOF\nnpm run build\nEOF\nCMD ["node", "dist/a.js"]`],
  ['has an error', `${node}FRUM x\nCMD ["node", "dist/a.js"]`],
] as const)
  test(`suggests nothing when the file ${name}`, () => assert.equal(suggest(text), undefined));

test('suggests nothing without images for it', () => {
  assert.equal(suggest(`${node}CMD ["node", "dist/a.js"]`, {}), undefined);
  assert.notEqual(suggest(`${node}CMD ["node", "dist/a.js"]`), undefined);
});
