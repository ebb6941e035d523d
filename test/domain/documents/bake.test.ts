import { readBake } from '../../../src/domain/documents/bake.ts';
import { documentTable } from './document-table.ts';

const { names, builds, complains } = documentTable(readBake, 'docker-bake.json');
const target = (rest: string) => `{"target": {"app": {${rest}}}}`;

builds('a bare target', target(''), { dockerfile: 'Dockerfile', args: {}, contexts: {}, produces: [], line: 1 });
builds(
  'everything that a target says',
  target(
    '"context": "api", "dockerfile": "x.Dockerfile", "target": "run", "args": {"V": "1", "N": null}, "tags": ["a/b:1"], "platforms": ["linux/arm64"], "contexts": {"s": "target:base"}',
  ),
  {
    dockerfile: 'api/x.Dockerfile',
    context: 'api',
    target: 'run',
    args: { V: '1' },
    produces: ['a/b:1'],
    platforms: ['linux/arm64'],
    contexts: { s: 'target:base' },
  },
);
builds('a number is text', target('"args": {"V": 1.10, "B": true}'), { args: { V: '1.10', B: 'true' } });
builds(
  'several targets with their lines',
  '{\n"target": {\n"a": {},\n"b": {"dockerfile": "B"}\n}}',
  { dockerfile: 'Dockerfile', line: 3 },
  { dockerfile: 'B', line: 4 },
);
builds(
  'what is inherited, later parents first',
  '{"target": {"a": {"args": {"V": "1", "W": "1"}, "target": "t"}, "b": {"args": {"W": "2"}}, "c": {"inherits": ["a", "b"], "args": {"X": "3"}}}}',
  {},
  {},
  { args: { V: '1', W: '2', X: '3' }, target: 't' },
);
builds(
  'targets that inherit each other',
  '{"target": {"a": {"inherits": ["b"]}, "b": {"inherits": ["a"], "target": "t"}}}',
  { target: 't' },
  { target: 't' },
);
builds('a parent that is missing', target('"inherits": ["gone"]'), { dockerfile: 'Dockerfile' });
builds(
  'the default of a variable',
  `{"variable": {"V": {"default": "22"}}, ${target('"args": {"A": "${V}", "B": "x-${V}-y"}').slice(1)}`,
  { args: { A: '22', B: 'x-22-y' } },
);
builds(
  'a variable without a default is left out',
  `{"variable": {"V": {}}, ${target('"args": {"A": "${V}", "B": "1"}, "tags": ["a:${V}", "b:1"]').slice(1)}`,
  { args: { B: '1' }, produces: ['b:1'] },
);
builds('a function is left out', target('"args": {"A": "${upper(\\"x\\")}"}'), { args: {} });
builds('an inline Dockerfile', target('"dockerfile-inline": "FROM alpine\\nRUN x"'), {
  inline: { text: 'FROM alpine\nRUN x', pieces: [{ text: 'FROM alpine\nRUN x', span: undefined }], line: 1 },
});
builds('comments and trailing commas', `// c\n${target('"target": "t", /* x */')}`, { target: 't' });
builds('blocks as lists', '{"target": {"a": [{"target": "t"}, {"dockerfile": "D"}]}}', {
  target: 't',
  dockerfile: 'D',
});
builds('a byte-order mark', `\uFEFF${target('')}`, { dockerfile: 'Dockerfile' });
builds('a hostile argument', target('"args": {"__proto__": "x"}'), { args: JSON.parse('{"__proto__": "x"}') });
builds('a fetched context', target('"context": "https://github.com/a/b.git"'));
builds('a context outside', target('"context": "../x"'));
builds('wrong shapes', '{"target": [1, {"a": 2}], "group": 3}');
builds('a file without targets', '{"group": {"default": {"targets": ["a"]}}}');

names(
  'an image as a context',
  target('"contexts": {"alpine": "docker-image://«alpine:3»", "x": "./x"}'),
  'docker.io/library/alpine:3',
);
names(
  'an image whose tag is a variable',
  `{"variable": {"V": {"default": "3"}}, ${target('"contexts": {"a": "docker-image://«alpine:${V}»"}').slice(1)}`,
  'docker.io/library/alpine:3',
);
names('an image whose tag is missing', target('"contexts": {"a": "docker-image://«alpine:${V}»"}'), '?V');
names(
  'an inherited context is one use',
  '{"target": {"a": {"contexts": {"x": "docker-image://«alpine»"}}, "b": {"inherits": ["a"]}}}',
  'docker.io/library/alpine:latest',
);
names('an invalid image', target('"contexts": {"a": "docker-image://«Alpine»"}'), '!Alpine');

complains('nothing wrong', target(''));
complains('an empty file', '');
complains('broken JSON', '{"target": {\n"a": }}', 'error invalid-json 2');
complains('text', 'target "a" {}', 'error invalid-json 1');
complains('a context outside the tree', target('"context": "../x"'), 'warning outside-tree 1');
complains('a fetched one', target('"context": "https://a/b.git"'), 'info remote-context 1');
complains('a context that a variable names', target('"context": "${X}"'), 'info unresolved-build 1');
complains('deep nesting', '['.repeat(200_000), 'error document-too-deep 0');
complains('a huge document', ' '.repeat(3_000_000), 'error document-too-large 0');
