import { readDevcontainer } from '../../../src/domain/documents/devcontainer.ts';
import { documentTable } from './document-table.ts';

const { names, builds, complains } = documentTable(readDevcontainer, '.devcontainer/devcontainer.json');
const base = 'mcr.microsoft.com/devcontainers/base:noble';

names('an image', '{"image": "«mcr.microsoft.com/devcontainers/base:noble»"}', base);
names('comments and trailing commas', `// c\n{\n  /* "image": "x" */ "image": "«${base}»", // y\n}`, base);
names('Windows line ends', `{\r\n"image": "«${base}»"\r\n}\r\n`, base);
names('an escape leaves the whole word pointed to', '{"image": "«\\u0061lpine»"}', 'docker.io/library/alpine:latest');
names('features are no images', '{"features": {"ghcr.io/devcontainers/features/node:1": {"image": "x"}}}');
names('a Compose file is read by itself', '{"dockerComposeFile": "../compose.yml", "service": "app"}');
names('a variable with a default', '{"image": "«alpine:${localEnv:TAG:3}»"}', 'docker.io/library/alpine:3');
names('a variable without one is missing', '{"image": "«alpine:${localEnv:TAG}»"}', '?localEnv:TAG');
names('an invalid image', '{"image": "«Alpine»"}', '!Alpine');
names('a blank image', '{"image": ""}');
names('wrong shapes', '{"image": ["a"], "build": "x"}');
names('a list', '[{"image": "a"}]');

builds('a Dockerfile beside it', '{"build": {"dockerfile": "Dockerfile"}}', {
  dockerfile: '.devcontainer/Dockerfile',
  args: {},
  contexts: {},
  produces: [],
  line: 1,
});
builds('a Dockerfile above it, whatever the context', '{"build": {"dockerfile": "../Dockerfile", "context": "../x"}}', {
  dockerfile: 'Dockerfile',
  context: 'x',
});
builds(
  'target and arguments',
  '{"build": {"dockerfile": "D", "target": "dev", "args": {"VARIANT": "22", "E": "${localEnv:E}", "F": "${localEnv:F:1}"}}}',
  { target: 'dev', args: { VARIANT: '22', F: '1' } },
);
builds('the old key', '{"dockerFile": "Dockerfile"}', { dockerfile: '.devcontainer/Dockerfile' });
builds('no build without a Dockerfile', '{"build": {"context": ".."}}');
builds('no build outside the tree', '{"build": {"dockerfile": "../../Dockerfile"}}');
builds('a hostile argument', '{"build": {"dockerfile": "D", "args": {"__proto__": "x"}}}', {
  args: JSON.parse('{"__proto__": "x"}'),
});

complains('nothing wrong', '{}');
complains('an empty file', '');
complains('broken JSON', '{\n"image" "a"}', 'error invalid-json 2');
complains('a Dockerfile outside the tree', '{\n"dockerFile": "../../D"}', 'warning outside-tree 2');
complains('deep nesting', `/*"*/${'['.repeat(200_000)}`, 'error document-too-deep 0');
