import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as ajvDraft04 from 'ajv-draft-04';
import * as ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import type { CheckResult } from '../../src/flows/check-result.ts';
import { findFormat, formats } from '../../src/render/formats.ts';
import { formatImages } from '../../src/render/images.ts';
import { file, hostileResult, options, passing, result, use, waived } from './sample-result.ts';

function render(name: string, checked: CheckResult): string {
  const format = findFormat(name);
  assert.ok(format, name);
  return format.render(checked, options);
}

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'schemas', 'sarif-2.1.0-rtm.5.json'), 'utf8'),
);
const ajv = new ajvDraft04.default.default({ strict: false, allErrors: true, unicodeRegExp: false });
ajvFormats.default.default(ajv);
const isSarif = ajv.compile(schema);

/** Elements of an XML text, in order; throws when it is not well-formed. */
function elements(xml: string): readonly string[] {
  const names: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => names.push(name));
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return names;
}

const mixed = result([file('a/Dockerfile', [use(), passing]), file('b/Dockerfile', [waived])]);

test('text says image, verdict, reason and the line to write', () => {
  const text = render('text', mixed);
  assert.match(text, /node:20-alpine +final +restricted/);
  assert.match(text, /fail: Node\.js 20 reached its end of life/);
  assert.match(text, /write instead, line 1: FROM node:26-alpine/);
  assert.match(text, /waived until 2026-12-31 by W-1: certified/);
  assert.match(text, /Of 3 judged images 1 fail, 1 waived; 1 pass\.\n$/);
});

test('text aligns its columns whatever the width of the characters', () => {
  const text = render('text', result([file('D', [use({ written: '日本語', reference: null }), use()])]));
  const columns = text
    .split('\n')
    .filter((line) => /^ {2}fail +line 1 /.test(line))
    .map((line) => line.replaceAll(/[日本語]/g, 'xx').indexOf('final'));
  assert.equal(columns.length, 2);
  assert.equal(columns[0], columns[1]);
});

test('a digest is cut on the screen and whole in JSON', () => {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  const checked = result([file('D', [use({ reference: `docker.io/library/alpine:3@${digest}` })])]);
  assert.match(render('text', checked), /alpine:3@sha256:0123456789ab…/);
  assert.ok(render('json', checked).includes(digest));
});

test('JSON is the result', () => {
  assert.deepEqual(JSON.parse(render('json', mixed)), JSON.parse(JSON.stringify(mixed)));
});

test('SARIF is valid, suppresses what is waived, and links every rule', () => {
  const log = JSON.parse(render('sarif', mixed));
  assert.equal(isSarif(log), true, JSON.stringify(isSarif.errors));
  const [run] = log.runs;
  const [failed, suppressed] = run.results;
  assert.equal(failed.level, 'error');
  assert.deepEqual(failed.locations[0].physicalLocation.region, { startLine: 1, startColumn: 6, endColumn: 20 });
  assert.equal(suppressed.suppressions[0].kind, 'external');
  assert.match(suppressed.suppressions[0].justification, /certified \(waived until 2026-12-31 by W-1\)/);
  for (const { ruleId, ruleIndex } of run.results) assert.equal(run.tool.driver.rules[ruleIndex].id, ruleId);
});

test('a fingerprint survives other lines, and tells equal findings apart', () => {
  const marks = (checked: CheckResult) =>
    JSON.parse(render('sarif', checked)).runs[0].results.map(
      (found: { partialFingerprints: Record<string, string> }) => found.partialFingerprints['basekeeper/v1'],
    );
  const before = marks(result([file('D', [use()])]));
  assert.deepEqual(marks(result([file('D', [use({ line: 99 })])])), before);
  const twice = marks(result([file('D', [use(), use({ line: 7 })])]));
  assert.equal(new Set(twice).size, 2);
  assert.equal(twice[0], before[0]);
});

test('SARIF tells what was not checked', () => {
  const [run] = JSON.parse(render('sarif', mixed)).runs;
  const notes = run.invocations[0].toolExecutionNotifications.map(
    (note: { message: { text: string } }) => note.message.text,
  );
  assert.deepEqual(
    notes,
    mixed.summary.notChecked.map((clause) => `not checked: ${clause}`),
  );
  assert.ok(notes.length >= 2);
});

test('a path is encoded in SARIF', () => {
  const log = JSON.parse(render('sarif', result([file('a b/%/ä?#/Dockerfile', [use()])])));
  assert.equal(
    log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri,
    'a%20b/%25/%C3%A4%3F%23/Dockerfile',
  );
});

test('GitHub gets at most ten annotations of a kind, the gravest first, and is told of the rest', () => {
  const files = Array.from({ length: 14 }, (_, at) => file(`d${at}/Dockerfile`, [use()]));
  const lines = render('github', result(files)).trimEnd().split('\n');
  assert.equal(lines.filter((line) => line.startsWith('::error')).length, 10);
  assert.ok(lines.some((line) => line.includes('4 more errors')));
});

test('GitHub properties and data are escaped', () => {
  const [line] = render(
    'github',
    result([file('a:b,c%/D', [use({ rules: [{ rule: 'r', verdict: 'fail', reason: '50% x' }], instead: [] })])]),
  ).split('\n');
  assert.match(line ?? '', /^::error file=a%3Ab%2Cc%25\/D,line=1,col=6,endColumn=20,title=r::node:20-alpine: 50%25 x/);
});

test('Markdown names what fails, and leaves out what passes', () => {
  const text = render('markdown', mixed);
  assert.match(text, /\| 1 \| `node:20-alpine` \| final \| restricted \| \*\*fail\*\* \|/);
  assert.doesNotMatch(text, /alpine:3\.24/);
});

test('Markdown stays within what GitHub takes', () => {
  const files = Array.from({ length: 3000 }, (_, at) => file(`d${at}/Dockerfile`, [use()]));
  const text = render('markdown', result(files));
  assert.ok(text.length < 65_536, String(text.length));
  assert.match(text, /and \d+ files more/);
});

for (const [kind, reason] of [
  ['short', 'matches nothing'],
  ['made to grow when escaped', '&'.repeat(5000)],
] as const) {
  test(`Markdown stays within what GitHub takes when exceptions are many and ${kind}`, () => {
    const finding = { rule: 'unused-waiver', verdict: 'warn', reason, path: reason } as const;
    const findings = Array.from({ length: 3000 }, () => finding);
    const text = render('markdown', result([file('D', [use()])], findings));
    assert.ok(text.length < 65_536, String(text.length));
    assert.match(text, /and \d+ more exceptions/);
    assert.match(text, /node:20-alpine/);
  });
}

test('JUnit has a suite per file and a case per image', () => {
  const xml = render('junit', mixed);
  assert.deepEqual(elements(xml), [
    'testsuites',
    'testsuite',
    'testcase',
    'failure',
    'testcase',
    'testsuite',
    'testcase',
    'system-out',
  ]);
  assert.match(xml, /<testsuite name="a\/Dockerfile" tests="2" failures="1" errors="0" skipped="0">/);
});

test('GitLab gets what is not waived', () => {
  const issues = JSON.parse(render('gitlab', mixed));
  assert.deepEqual(
    issues.map(({ check_name: name, severity, location }: Record<string, unknown>) => [name, severity, location]),
    [['end-of-life', 'critical', { path: 'a/Dockerfile', lines: { begin: 1 } }]],
  );
});

test('the page has charts with words, tables with captions, and asks nothing of the network', () => {
  const page = render('html', mixed);
  assert.match(page, /aria-label="Verdicts: 1 fail, 1 waived, 1 pass"/);
  assert.match(page, /<caption>2 image uses<\/caption>/);
  assert.match(page, /default-src 'none'/);
  assert.doesNotMatch(page, /<script|src=|url\(|https?:/);
  assert.match(page, /until 2026-12-31|2026-12-31/);
});

for (const { name } of formats) {
  test(`${name} says something of an empty tree`, () => {
    assert.ok(render(name, result([])).length > 0);
  });
}

const hostileTexts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\u001b[31mred',
    '\u001b]0;title\u0007',
    '::error::x',
    '\n::set-output name=x::y',
    '</script><script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '"><b>',
    "' onload='",
    '|a|',
    '`x`',
    '[x](javascript:1)',
    '@everyone',
    '%0A::error::',
    ']]>',
    '\u202eevil',
    '\ud800',
    '=cmd|x',
    '&lt;',
    '\\|',
    '$$x$$',
    '-->',
  ),
);

test('hostile text is harmless on a terminal', () => {
  fc.assert(
    fc.property(hostileTexts, (text) => {
      const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
      assert.doesNotMatch(render('text', hostileResult(text)), unsafe);
    }),
  );
});

test('no format lets a control or a bidirectional override through to a terminal', () => {
  fc.assert(
    fc.property(hostileTexts, (text) => {
      const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
      const hostile = hostileResult(`${text}\u009b31m\u202e\u007f`);
      for (const { name } of formats) assert.doesNotMatch(render(name, hostile), unsafe, name);
      for (const json of [true, false]) assert.doesNotMatch(formatImages(hostile, { json, color: false }), unsafe);
      assert.deepEqual(JSON.parse(render('json', hostile)), JSON.parse(JSON.stringify(hostile)));
    }),
  );
});

test('hostile text starts no workflow command', () => {
  fc.assert(
    fc.property(hostileTexts, (text) => {
      const lines = render('github', hostileResult(text)).trimEnd().split('\n');
      assert.equal(lines.length, render('github', hostileResult('x')).trimEnd().split('\n').length);
      for (const line of lines) assert.match(line, /^::(error|warning|notice) (file=[^:]*|title=basekeeper)::/);
    }),
  );
});

test('hostile text keeps XML well-formed, with the same elements', () => {
  const expected = elements(render('junit', hostileResult('x')));
  fc.assert(
    fc.property(hostileTexts, (text) => assert.deepEqual(elements(render('junit', hostileResult(text))), expected)),
  );
});

test('hostile text opens no element of the page', () => {
  const tags = (page: string) => [...page.matchAll(/<[a-zA-Z!/][^>]*/g)].map(([tag]) => tag.split(/[\s>]/)[0]);
  const expected = tags(render('html', hostileResult('x')));
  fc.assert(fc.property(hostileTexts, (text) => assert.deepEqual(tags(render('html', hostileResult(text))), expected)));
});

test('hostile text keeps SARIF, GitLab and JSON valid', () => {
  fc.assert(
    fc.property(hostileTexts, (text) => {
      assert.ok(isSarif(JSON.parse(render('sarif', hostileResult(text)))), JSON.stringify(isSarif.errors));
      JSON.parse(render('gitlab', hostileResult(text)));
      JSON.parse(render('json', hostileResult(text)));
    }),
  );
});

test('hostile text makes no link, mention, element or further cell in Markdown', () => {
  const cells = (text: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('| 1 |'))
      .map((line) => line.replaceAll(/\\./g, '').split('|').length);
  const expected = cells(render('markdown', hostileResult('x')));
  fc.assert(
    fc.property(hostileTexts, (text) => {
      const rendered = render('markdown', hostileResult(text));
      const outsideCode = rendered.replaceAll(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
      assert.doesNotMatch(outsideCode, /<(?!\/?(?:details|summary|br|code)>)[a-z!/]/i);
      assert.doesNotMatch(outsideCode, /(?<!\\)\]\(/);
      assert.deepEqual(cells(rendered), expected);
    }),
  );
});
