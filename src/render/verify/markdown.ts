import { severities } from '../../domain/vulnerability/severity.ts';
import type { VerifiedImage, VerifyResult } from '../../flows/verify/verify-result.ts';
import { code, escapeMarkdown } from '../markdown-text.ts';
import { megabytes } from '../megabytes.ts';
import { basesText, decisionWords, severityCounts, testWords } from './words.ts';

/** For a pull request: the decision and its reasons, and one table over all images. */
export function renderVerifyMarkdown(result: VerifyResult): string {
  const { gate, images, tests, scanner, builder, leftOut } = result;
  const reasons = gate.reasons.map(({ outcome, image, text }) => {
    const about = image === undefined ? '' : `${code(image)}: `;
    return `- **${outcome}** ${about}${escapeMarkdown(text)}`;
  });
  const made = [
    ...(builder === null ? [] : [escapeMarkdown(builder)]),
    ...(scanner === null
      ? []
      : [`${escapeMarkdown(`${scanner.name} ${scanner.version}`)}, database of ${scanner.databaseAt}`]),
  ];
  const blocks = [
    `**${gate.decision}**: ${decisionWords[gate.decision]}.`,
    reasons.join('\n'),
    imageTable(images),
    tests.length === 0
      ? ''
      : [
          '| test | where | result |',
          '| --- | --- | --- |',
          ...tests.map((test) => {
            const where = test.image === undefined ? 'machine' : code(test.image);
            return `| ${code(test.command.run)} | ${where} | ${escapeMarkdown(testWords(test))} |`;
          }),
        ].join('\n'),
    leftOut.map((clause) => `- left out: ${escapeMarkdown(clause)}`).join('\n'),
    made.length === 0 ? '' : `Made by ${made.join('; ')}.`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function imageTable(images: readonly VerifiedImage[]): string {
  if (images.length === 0) return '';
  return [
    '| image | built on | fixed | remaining, with a fix | without | added | size | gate |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...images.map((image) => {
      const cells = [code(image.name), escapeMarkdown(basesText(image.before, image.after)), ...findingCells(image)];
      return `| ${[...cells, sizeCell(image), image.decision].join(' | ')} |`;
    }),
  ].join('\n');
}

/** `2 critical, 5 high`; what is none stays short. */
function findingCells({ findings }: VerifiedImage): readonly string[] {
  if (findings === null) return ['?', '?', '?', '?'];
  return [0, 1, 2, 3].map((column) => {
    const parts = severities.flatMap((severity) => {
      const number = severityCounts(findings, severity)[column] ?? 0;
      return number === 0 ? [] : [`${number} ${severity}`];
    });
    return parts.length === 0 ? '0' : parts.join(', ');
  });
}

function sizeCell({ before, after, sizeDifferenceBytes }: VerifiedImage): string {
  if (sizeDifferenceBytes === null || before.build.kind !== 'built' || after.build.kind !== 'built') return '?';
  const sign = sizeDifferenceBytes > 0 ? '+' : sizeDifferenceBytes < 0 ? '−' : '±';
  return `${megabytes(after.build.sizeBytes)} (${sign}${megabytes(Math.abs(sizeDifferenceBytes))})`;
}
