import type { Jump } from '../../domain/advise/rank.ts';
import type { Advice, AdvisedBase, RankedBase, UnrankedBase } from '../../flows/advise/advice.ts';
import { count, familiar } from '../familiar.ts';
import { megabytes } from '../megabytes.ts';
import { type Palette, palette } from '../palette.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';

export type AdviceView = {
  readonly color: boolean;
  readonly width: number;
  /** Whether the present reference pins a digest, so that the new one is to be pinned as well. */
  readonly isPinned: boolean;
};

/** Which base to use instead: the answer first, why, the table of all, what a move breaks, and the line to write. */
export function renderAdvice(advice: Advice, view: AdviceView): string {
  const colors = palette(view.color);
  const blocks = [
    colors.strong(answer(advice)),
    reasons(advice)
      .map((reason) => wrap(reason, view.width, '  '))
      .join('\n'),
    rankedTable(advice, colors),
    breakBlock(advice, colors, view),
    unrankedBlock(advice, colors, view),
    notes(advice)
      .map((note) => wrap(`${colors.verdict('warn', 'note')}: ${short(note, 600)}`, view.width, ''))
      .join('\n'),
    nextStep(advice, view),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function answer({ reference, recommendation }: Advice): string {
  const present = familiar(reference);
  switch (recommendation.kind) {
    case 'move':
      return `${present}: use ${familiar(recommendation.reference)}`;
    case 'stay':
      return `${present}: stay, nothing that was found is better`;
    case 'unknown':
      return `${present}: nothing can be recommended`;
  }
}

function reasons({ recommendation, ranked, threshold }: Advice): readonly string[] {
  if (recommendation.kind === 'unknown') return [short(recommendation.reason, 600)];
  const [best] = ranked;
  if (best === undefined) return [];
  const weighty = weightyWords(threshold);
  const left =
    best.patchable === 0
      ? `no finding of ${weighty} with a fix is left`
      : `${count(best.patchable, 'finding')} of ${weighty} with a fix ${best.patchable === 1 ? 'is' : 'are'} left, the fewest there are`;
  const { move } = best;
  const moved =
    move === null
      ? []
      : [
          `${count(move.fixed, 'finding')} fixed (${move.fixedWeighty} of ${weighty}), ${move.added} added (${move.addedWeighty})`,
        ];
  const present = ranked.find(({ jump }) => jump === 'none');
  const instead = present?.ruledOut == null ? [] : [`the present one is not to be used: ${short(present.ruledOut)}`];
  return [...instead, left, ...moved, ...best.reasons.map((reason) => short(reason))];
}

function weightyWords(threshold: Advice['threshold']): string {
  return threshold === 'critical' ? 'critical severity' : `${threshold} severity or worse`;
}

const stepWords: Readonly<Record<Jump, string>> = {
  none: 'present',
  refresh: 'refresh',
  patch: 'patch',
  minor: 'minor',
  major: 'major',
  other: 'another base',
};

function rankedTable({ ranked }: Advice, colors: Palette): string {
  if (ranked.length === 0) return '';
  const head = ['base', 'step', 'critical', 'high', 'with a fix', 'all', 'fixed', 'added', 'size'];
  const rows = ranked.map(({ reference, jump, bySeverity, patchable, remaining, move, sizeBytes }) => [
    familiar(reference),
    stepWords[jump],
    String(bySeverity.critical),
    String(bySeverity.high),
    patchable === 0 ? '0' : colors.verdict('fail', String(patchable)),
    String(remaining),
    move === null ? '' : String(move.fixed),
    move === null ? '' : String(move.added),
    sizeText(sizeBytes),
  ]);
  return table([head.map((word) => colors.faint(word)), ...rows], { right: [2, 3, 4, 5, 6, 7, 8] }).join('\n');
}

function sizeText(bytes: number | null): string {
  return bytes === null ? 'not known' : megabytes(bytes);
}

function breakBlock({ ranked }: Advice, colors: Palette, { width }: AdviceView): string {
  const told = ranked.flatMap((base) => {
    const clauses = breaksOf(base);
    return clauses.length === 0
      ? []
      : [[`  ${familiar(base.reference)}`, ...clauses.map((one) => wrap(`- ${one}`, width, '    '))].join('\n')];
  });
  return told.length === 0 ? '' : [colors.strong('What to know of each:'), ...told].join('\n');
}

function breaksOf({ ruledOut, breaks, jump }: RankedBase): readonly string[] {
  const ruled = ruledOut === null ? [] : [`not to be used: ${short(ruledOut, 300)}`];
  return [...ruled, ...(jump === 'none' ? [] : breaks.map((one) => short(one, 300)))];
}

/** Where no scanner answered, what can be said of each base without one. */
function unrankedBlock({ unranked, failure }: Advice, colors: Palette, { width }: AdviceView): string {
  const listed = failure === null ? [] : unranked.filter(({ digest }) => digest !== null);
  const others = unranked.filter((base) => !listed.includes(base));
  const rows = others.flatMap((base) => [
    `  ${familiar(base.reference)} (${stepWords[base.jump]})`,
    wrap(short(base.reason, 600), width, '    '),
  ]);
  const title = colors.strong(failure === null ? 'Not ranked, so not known to be better:' : 'Not there, or not known:');
  return [
    ...(listed.length === 0 ? [] : [withoutScanner(listed, colors)]),
    ...(rows.length === 0 ? [] : [[title, ...rows].join('\n')]),
  ].join('\n\n');
}

function withoutScanner(bases: readonly UnrankedBase[], colors: Palette): string {
  const head = ['  base', 'step', 'size', 'what it is'].map((word) => colors.faint(word));
  const row = ({ reference, jump, sizeBytes, reasons: said }: AdvisedBase) => [
    `  ${familiar(reference)}`,
    stepWords[jump],
    sizeText(sizeBytes),
    said.map((reason) => short(reason)).join('; '),
  ];
  const title = colors.strong('What there is, without a word on findings:');
  return [title, ...table([head, ...bases.map(row)], { right: [2] })].join('\n');
}

function notes({ notes: said, leftOut }: Advice): readonly string[] {
  const left = leftOut.map(familiar).join(', ');
  return [...said, ...(leftOut.length === 0 ? [] : [`not scanned, for --max allows no more: ${left}`])];
}

/** `update` moves along lanes; another base is a line to write. */
function nextStep({ recommendation, ranked }: Advice, { isPinned }: AdviceView): string {
  if (recommendation.kind !== 'move') return '';
  const { reference, digest } = recommendation;
  const written = reference.replace(/^docker\.io\/(library\/)?/, '');
  const line = `FROM ${isPinned && !written.includes('@') ? `${written}@${digest}` : written}`;
  const isLane = ranked[0]?.jump !== 'other';
  return `Write:  ${short(line, 400)}${isLane ? '\nor let basekeeper update write it, as far as the lanes of the policy reach' : ''}`;
}
