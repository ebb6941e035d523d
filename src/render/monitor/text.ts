import type { MonitorResult } from '../../flows/monitor/monitor-result.ts';
import { count, familiar } from '../familiar.ts';
import { listingBlock } from '../listings.ts';
import { type Palette, palette } from '../palette.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';
import { actBlock } from './act-block.ts';
import { deadlineBlock } from './deadline-block.ts';
import { imageBlock } from './image-block.ts';
import { monitoredScans } from './scan-block.ts';

export type MonitorView = {
  readonly color: boolean;
  readonly width: number;
  /** Also images of which there is nothing to say. */
  readonly verbose: boolean;
};

/** What a cycle found, for a person: what happened, what may be done about it, then what it took. */
export function renderMonitor(result: MonitorResult, view: MonitorView): string {
  const colors = palette(view.color);
  const shown = result.images.filter((image) => view.verbose || isWorthShowing(image));
  const silent = result.images.length - shown.length;
  const blocks = [
    eventBlock(result, colors, view.width),
    ...shown.map((image) => imageBlock(image, colors, view)),
    ...(silent > 0 ? [colors.faint(`${count(silent, 'image')} with nothing to say (--verbose lists them)`)] : []),
    // What could not be listed is a problem below.
    listingBlock(
      result.listings.filter(({ failure }) => failure === undefined),
      colors,
      view.width,
    ),
    result.scans === undefined ? '' : monitoredScans(result.scans, colors, view.width),
    result.deadlines === undefined ? '' : deadlineBlock(result.deadlines, colors, view.width),
    result.acted === undefined ? '' : actBlock(result.acted, result.isDryRun, colors, view.width),
    problemBlock(result, colors, view.width),
    requestBlock(result, colors),
    noteBlock(result, view.width),
    colors.strong(headline(result)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

type Image = MonitorResult['images'][number];

function isWorthShowing({ status, candidates, lifecycle, tagState }: Image): boolean {
  return status !== 'verified' || candidates.length > 0 || lifecycle?.state === 'ended' || tagState === 'unmaintained';
}

function eventBlock({ events, isResumed, startedAt }: MonitorResult, colors: Palette, width: number): string {
  const resumed = isResumed ? [colors.faint(`This goes on with the cycle that began at ${startedAt}.`)] : [];
  if (events.length === 0) return resumed.join('\n');
  const lines = events.flatMap(({ at, reference, text, uses, kind }) => [
    `  ${at.slice(0, 16).replace('T', ' ')}  ${colors.strong(familiar(reference))}  ${colors.faint(count(uses, 'use'))}`,
    wrap(colors.verdict(weight[kind], short(text, 600)), width, '      '),
  ]);
  return [...resumed, 'What happened:', ...lines].join('\n');
}

/** How loud an event is. */
const weight: Readonly<Record<MonitorResult['events'][number]['kind'], string>> = {
  'tag-moved': 'warn',
  'moved-back': 'warn',
  'version-released': 'info',
  'tag-gone': 'fail',
  'tag-dropped': 'warn',
  'line-ended': 'fail',
};

function problemBlock({ problems }: MonitorResult, colors: Palette, width: number): string {
  if (problems.length === 0) return '';
  const lines = problems.map(({ tree, path, line, message }) => {
    const inTree = path === undefined ? tree : `${tree === '.' ? '' : `${tree}/`}${path}`;
    const place = `${short(inTree)}${line === undefined || line === 0 ? '' : `:${line}`}`;
    return wrap(`${colors.verdict('error')}: ${place}: ${short(message, 600)}`, width, '  ');
  });
  return ['Could not be read:', ...lines].join('\n');
}

const kinds = [
  'head',
  'list',
  'manifest',
  'config',
  'blob',
  'token',
  'ping',
  'publisher',
  'retried',
  'cached',
] as const;

function requestBlock({ requests, budgets, waiting }: MonitorResult, colors: Palette): string {
  const hosts = Object.entries(requests);
  const used = kinds.filter((kind) => hosts.some(([, counts]) => (counts[kind] ?? 0) > 0));
  const rows = hosts.map(([host, counts]) => [`  ${short(host)}`, ...used.map((kind) => String(counts[kind] ?? 0))]);
  const head = ['  requests to', ...used].map((word) => colors.faint(word));
  const lines =
    hosts.length === 0 ? ['No registry was asked.'] : table([head, ...rows], { right: used.map((_, at) => at + 1) });
  const pulls = budgets.map(
    ({ host, remaining, limit, windowSeconds, reserve }) =>
      `  ${short(host)} grants ${remaining} of ${limit} pulls in ${windowSeconds / 3600} h; the last ${reserve} are kept`,
  );
  const queue =
    waiting === 0 ? [] : [`  ${count(waiting, 'image waits', 'images wait')} for size and platforms to be read`];
  return [...lines, ...pulls, ...queue].join('\n');
}

function noteBlock({ notes, leftOut, byDigestAlone }: MonitorResult, width: number): string {
  const { unresolved, internal, notBuilt } = leftOut;
  const clauses = [
    ...notes,
    ...(byDigestAlone.length === 0
      ? []
      : [
          `${count(byDigestAlone.length, 'use names', 'uses name')} an image by its digest alone: nothing tells what came after it`,
        ]),
    ...(unresolved === 0
      ? []
      : [`${count(unresolved, 'use')} of an image that build arguments keep from being known (check names them)`]),
    ...(internal === 0 ? [] : [`${count(internal, 'use')} of images that the trees build themselves`]),
    ...(notBuilt === 0
      ? []
      : [`${count(notBuilt, 'use')} of images that are run, not built (judge: in the policy file)`]),
  ];
  return clauses.length === 0
    ? ''
    : ['Not monitored:', ...clauses.map((clause) => wrap(short(clause), width, '  '))].join('\n');
}

function headline({ verified, events, files, trees, isDryRun, images }: MonitorResult): string {
  const updates = images.filter(
    ({ recommended, candidates }) => recommended !== null || candidates.some(isDigest),
  ).length;
  const news = `${count(events.length, 'event')}, ${count(updates, 'image')} with an update in ${updates === 1 ? 'its' : 'their'} line`;
  const where = `${count(files, 'file')} in ${count(trees.length, 'tree')}`;
  const dry = isDryRun ? '; nothing was written down (--dry-run)' : '';
  return `${verified.count} of ${verified.of} verified: ${news}; ${where}${dry}`;
}

function isDigest({ lane }: { readonly lane: string }): boolean {
  return lane === 'digest';
}
