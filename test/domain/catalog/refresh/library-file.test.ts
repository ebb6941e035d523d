import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLibraryFile } from '../../../../src/domain/catalog/refresh/library-file.ts';

const [one, two] = ['1'.repeat(40), '2'.repeat(40)];

function reads(text: string, expected: Readonly<Record<string, string>>): void {
  const file = parseLibraryFile(text);
  assert.equal(file.kind, 'read', file.kind === 'malformed' ? file.reason : '');
  if (file.kind === 'read') assert.deepEqual(Object.fromEntries(file.origins), expected);
}

const defaults = 'Maintainers: A <a@example.org> (@a)\nGitRepo: https://example.org/a.git\n';

test('each tag has what it is built from, and comments say nothing', () => {
  reads(
    `# generated via https://example.org/generate.sh\n\n${defaults}\n# the newest\nTags: 2.1, 2, latest\nArchitectures: amd64, arm64v8\nGitCommit: ${one}\nDirectory: 2/debian\n\nTags: 2.1-slim\nGitCommit: ${two}\n`,
    {
      '2.1': `${one} 2/debian Dockerfile`,
      '2': `${one} 2/debian Dockerfile`,
      latest: `${one} 2/debian Dockerfile`,
      '2.1-slim': `${two} . Dockerfile`,
    },
  );
});

test('the first block holds defaults, which an entry may overrule', () => {
  reads(
    `${defaults}GitCommit: ${one}\nDirectory: pkg\n\nTags: go\nFile: Dockerfile.go\n\nTags: node\nFile: Dockerfile.node\nGitCommit: ${two}\n`,
    { go: `${one} pkg Dockerfile.go`, node: `${two} pkg Dockerfile.node` },
  );
});

test('what amd64 is built from stands for the image, else its first architecture', () => {
  reads(
    `${defaults}\nTags: 3\nArchitectures: arm64v8, amd64\nGitCommit: ${one}\narm64v8-Directory: aarch64/\namd64-Directory: x86_64/\n`,
    { '3': `${one} x86_64/ Dockerfile` },
  );
  reads(`${defaults}\nTags: 3\nArchitectures: arm64v8\narm64v8-GitCommit: ${two}\narm64v8-Directory: aarch64/\n`, {
    '3': `${two} aarch64/ Dockerfile`,
  });
  reads(`${defaults}\nTags: ltsc2025\nArchitectures: windows-amd64\nGitCommit: ${one}\nDirectory: windows\n`, {
    ltsc2025: `${one} windows Dockerfile`,
  });
});

test('a shared tag is built from the first entry that has it, the one for Linux', () => {
  reads(
    `${defaults}\nTags: 2-alpine\nSharedTags: 2, latest\nGitCommit: ${one}\nDirectory: 2/alpine\n\nTags: 2-windowsservercore\nSharedTags: 2, latest\nArchitectures: windows-amd64\nGitCommit: ${two}\nDirectory: 2/windows\n`,
    {
      '2-alpine': `${one} 2/alpine Dockerfile`,
      '2': `${one} 2/alpine Dockerfile`,
      latest: `${one} 2/alpine Dockerfile`,
      '2-windowsservercore': `${two} 2/windows Dockerfile`,
    },
  );
});

test('a value goes on in lines that begin with a blank', () => {
  reads(
    `Maintainers: A <a@example.org> (@a),\n             B <b@example.org> (@b)\n\nTags: 1.0,\n      1\nSharedTags: latest\r\nGitCommit: ${one}\r\n`,
    { '1.0': `${one} . Dockerfile`, '1': `${one} . Dockerfile`, latest: `${one} . Dockerfile` },
  );
});

test('a file without entries is an image that was given up', () => {
  reads(defaults, {});
  reads('# no longer built\n', {});
  reads('', {});
});

for (const [what, text, reason] of [
  ['a line without a key', `${defaults}\nTags 1\n`, /no key/],
  ['the form used until 2016', `1.0: git://github.com/a/b@${one} 1.0\nlatest: git://x@${one}\n`, /no key/],
  ['an entry without tags', `${defaults}\nGitCommit: ${one}\n`, /no tags/],
  ['tags among the defaults', `${defaults}Tags: 1\nGitCommit: ${one}\n`, /first block/],
  ['an entry without a commit', `${defaults}\nTags: 1\n`, /commit/],
  ['a commit that is none', `${defaults}\nTags: 1\nGitCommit: main\n`, /commit/],
  ['a tag that is none', `${defaults}\nTags: 1, -x\nGitCommit: ${one}\n`, /tags is none/],
  ['a tag with an escape sequence', `${defaults}\nTags: 1\u001b[2J\nGitCommit: ${one}\n`, /tags is none/],
  ['a key that is said twice', `${defaults}\nTags: 1\nTags: 2\nGitCommit: ${one}\n`, /twice/],
  ['a line that continues nothing', ' Tags: 1\n', /continues nothing/],
  [
    'too many tags',
    `${defaults}\nTags: ${Array.from({ length: 5001 }, (_, at) => at).join(',')}\nGitCommit: ${one}\n`,
    /more than/,
  ],
  ['an error page', '<html>\n<body>Unicorn!</body>\n</html>\n', /no key/],
] as const)
  test(`refuses ${what}`, () => {
    const file = parseLibraryFile(text);
    assert.equal(file.kind, 'malformed');
    if (file.kind === 'malformed') assert.match(file.reason, reason);
  });
