import type { GateReason } from '../../domain/verify/gate-reason.ts';
import { severities } from '../../domain/vulnerability/severity.ts';
import type { VerifiedImage, VerifiedTest, VerifyResult } from '../../flows/verify/verify-result.ts';
import { count } from '../familiar.ts';
import { megabytes } from '../megabytes.ts';
import { type Palette, palette } from '../palette.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';
import { basesText, decisionWords, severityCounts, sideText, testWords } from './words.ts';

export type VerifyView = { readonly color: boolean; readonly width: number };

/** The decision first, then why, then what was measured. */
export function renderVerify(result: VerifyResult, view: VerifyView): string {
  const colors = palette(view.color);
  const blocks = [
    headline(result, colors),
    reasonLines(result.gate.reasons, colors, view),
    ...result.images.map((image) => imageBlock(image, colors)),
    testBlock(result.tests, colors),
    sourceBlock(result, colors, view),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function headline({ gate, from, to, images }: VerifyResult, colors: Palette): string {
  const word = colors.verdict(tones[gate.decision], gate.decision);
  const what = `${short(from.name, 80)} → ${short(to.name, 80)}`;
  return `${colors.strong(word)}: ${decisionWords[gate.decision]} (${what}, ${count(images.length, 'image')})`;
}

const tones = { pass: 'pass', fail: 'fail', hold: 'unknown' } as const;
const reasonTones = { fail: 'fail', hold: 'unknown', note: 'info' } as const;

function reasonLines(reasons: readonly GateReason[], colors: Palette, { width }: VerifyView): string {
  return reasons
    .map(({ outcome, image, text }) => {
      const about = image === undefined ? '' : `${short(image, 100)}: `;
      const [first = '', ...more] = wrap(short(`${about}${text}`, 600), width - 8, '').split('\n');
      const lines = [`  ${colors.verdict(reasonTones[outcome], outcome.padEnd(4))}  ${first}`];
      return [...lines, ...more.map((line) => `        ${line}`)].join('\n');
    })
    .join('\n');
}

function imageBlock(image: VerifiedImage, colors: Palette): string {
  const { before, after, findings, sizeDifferenceBytes } = image;
  const rows = [
    [colors.faint('  built on'), basesText(before, after)],
    [colors.faint('  before'), sideText(before)],
    [colors.faint('  after'), sideText(after)],
    ...(sizeDifferenceBytes === null ? [] : [[colors.faint('  size'), sizeText(sizeDifferenceBytes)]]),
  ];
  const counts = findings === null ? [] : ['', ...countTable(image, colors)];
  const title = `${colors.strong(short(image.name, 120))}  ${colors.verdict(tones[image.decision], image.decision)}`;
  return [title, ...table(rows), ...counts].join('\n');
}

function sizeText(bytes: number): string {
  return bytes === 0 ? 'the same' : `${megabytes(Math.abs(bytes))} ${bytes < 0 ? 'smaller' : 'larger'}`;
}

function countTable({ findings }: VerifiedImage, colors: Palette): readonly string[] {
  if (findings === null) return [];
  const head = ['  severity', 'fixed', 'remaining, with a fix', 'without', 'added'].map((word) => colors.faint(word));
  const rows = severities.map((severity) => [
    `  ${severity}`,
    ...severityCounts(findings, severity).map((number) => String(number)),
  ]);
  return table([head, ...rows], { right: [1, 2, 3, 4] });
}

function testBlock(tests: readonly VerifiedTest[], colors: Palette): string {
  if (tests.length === 0) return '';
  const rows = tests.map((test) => [
    `  ${short(test.command.run, 80)}`,
    test.image === undefined ? 'on this machine' : `in ${short(test.image, 80)}`,
    testWords(test),
    colors.faint(test.log ?? ''),
  ]);
  return [colors.strong('Tests'), ...table(rows)].join('\n');
}

function sourceBlock(
  { builder, scanner, leftOut, evidence, reused }: VerifyResult,
  colors: Palette,
  view: VerifyView,
): string {
  const by = [
    ...(builder === null ? [] : [builder]),
    ...(scanner === null ? [] : [`${scanner.name} ${scanner.version} with its database of ${scanner.databaseAt}`]),
  ].join('; ');
  const again = [
    ...(reused.builds === 0 ? [] : [count(reused.builds, 'build')]),
    ...(reused.scans === 0 ? [] : [count(reused.scans, 'scan')]),
    ...(reused.tests === 0 ? [] : [count(reused.tests, 'test')]),
  ].join(', ');
  return [
    ...leftOut.map((clause) => wrap(`${colors.verdict('unknown', 'left out')}: ${short(clause, 600)}`, view.width, '')),
    ...(by === '' ? [] : [`Made by ${short(by, 300)}.`]),
    ...(again === '' ? [] : [`Taken from an earlier run with the same inputs: ${again}.`]),
    `Evidence: ${short(evidence, 300)}`,
  ].join('\n');
}
