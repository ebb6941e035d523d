import { allCases } from '../../test/domain/candidates/all-cases.ts';
import { answerOf, type SelectionCase } from '../../test/domain/candidates/selection-case.ts';

/** docs/scoreboard.md: what each row of the tests' table asks for, and what is answered. */
export function scoreboard(): string {
  const rows = [...allCases.values()].flat();
  const right = rows.filter(isRight).length;
  const known = rows.filter(({ renovate }) => renovate !== undefined).length;
  const sections = [...allCases].map(([title, cases]) => section(title, cases));
  return `# Choosing versions: a scoreboard

Which tags may follow a tag, among those that its registry lists, on a day. Basekeeper gives the wanted answer in **${right} of ${rows.length}**
rows; the tests hold every one. The table is \`test/domain/candidates\`, and \`npm run docs\` writes this page from it.

- One answer per lane: the first number of the version is \`major\`, the second \`minor\`, later ones, revisions and build dates \`patch\`;
  the same version on a newer system is \`os\`, another repository \`successor\`. **Bold** is what is recommended: the newest tag of the
  present line. \`basekeeper explain REF --tags-from FILE\` gives these answers with their reasons.
- Renovate and Dependabot give tags, not lanes. Their answers in ${known} rows were found by restating their rules as of 2026-08-22 and running
  them on the tags shown (*with presets*: Renovate with its recommended configuration); a few are rows
  of their own specifications. Elsewhere they are not known, and not guessed. What is wanted of the further rows is our own judgement.
- *By rule … else …* marks a row where one would wish for another answer, and a rule of ours decides otherwise.
- A list of tags does not say what a tag stands for, so the lane \`digest\` and missing platforms have no rows here.

${sections.join('\n\n')}
`;
}

function section(title: string, cases: readonly SelectionCase[]): string {
  const isKnown = cases.some(({ renovate }) => renovate !== undefined);
  const days = [...new Set(cases.map(({ today }) => today))].join(', ');
  const head = ['from', 'among', ...(isKnown ? ['Renovate', 'Dependabot'] : []), 'ours', 'wanted', ''];
  const lines = cases.map((row) => {
    const others = isKnown ? [row.renovate ?? '', row.dependabot ?? ''].map((text) => (text === '' ? '–' : text)) : [];
    const ours = answerOf(row);
    const note = row.because ?? '';
    return [code(row.image), among(row.tags), ...others, answer(ours), answer(row.wanted), mark(row, note)];
  });
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
  return `## ${title} (${days})\n\n${table.join('\n')}`;
}

function mark(row: SelectionCase, note: string): string {
  return `${isRight(row) ? '✓' : '✗'}${note === '' ? '' : ` ${note}`}`;
}

function isRight(row: SelectionCase): boolean {
  return answerOf(row) === row.wanted;
}

function among(tags: string): string {
  return tags
    .split(' ')
    .filter((tag) => tag !== '')
    .map((tag) => tag.replace('@', ' of '))
    .join(', ');
}

/** `minor=1.2! major=2` → `minor **1.2**, major 2`. */
function answer(text: string): string {
  if (text === '') return '–';
  return text
    .split(' ')
    .map((step) => step.replace('=', ' ').replace(/ (\S+)!$/, ' **$1**'))
    .join(', ');
}

function code(text: string): string {
  return `\`${text}\``;
}
