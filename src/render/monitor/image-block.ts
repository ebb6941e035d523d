import type { ImageResult } from '../../flows/monitor/monitor-result.ts';
import { count, familiar } from '../familiar.ts';
import type { Palette } from '../palette.ts';
import { table, wrap } from '../table.ts';
import { short } from '../visible.ts';

const shownUses = 5;

/** One image: what it stands for, what was refused, what may follow it, and where it is used. */
export function imageBlock(
  image: ImageResult,
  colors: Palette,
  { width, verbose }: { readonly width: number; readonly verbose: boolean },
): string {
  const head = [colors.strong(familiar(image.reference)), ...standing(image).map(colors.faint)].join('  ');
  const refusals = image.refusals.map(({ of, code, message }) =>
    wrap(
      `${colors.verdict('unknown', 'not verified')}: ${of === 'tag' ? '' : 'its list of tags: '}${short(message, 600)} ${colors.faint(`[${code}]`)}`,
      width,
      '  ',
    ),
  );
  const rows = image.candidates.map((candidate) => {
    const { lane, tag, repository, digest, reasons } = candidate;
    const named = repository === undefined ? tag : `${repository}:${tag}`;
    const isRecommended = tag === image.recommended && repository === undefined;
    const target = digest === undefined ? named : `${named}@${digest.slice(0, 19)}…`;
    const why = [...(isRecommended ? ['recommended'] : []), ...reasons].join('; ');
    return [`  ${lane}`, colors.strong(short(target)), short(why, 600)];
  });
  return [head, ...warnings(image, colors), ...refusals, ...table(rows), ...useLines(image, width, verbose)].join('\n');
}

function standing({ digest, since, platforms, publisher, publisherName, lifecycle }: ImageResult): readonly string[] {
  const sizes = platforms.flatMap(({ sizeBytes, isUsed }) => (isUsed && sizeBytes !== null ? [sizeBytes] : []));
  const system = platforms.find(({ isUsed, osRelease }) => isUsed && osRelease !== null)?.osRelease;
  return [
    ...(digest === null ? [] : [`${digest.slice(0, 19)}… since ${since?.slice(0, 10)}`]),
    ...(sizes.length === 0 ? [] : [`${(Math.max(...sizes) / 1e6).toFixed(1)} MB`]),
    ...(system === null || system === undefined || system === lifecycleName(lifecycle) ? [] : [`on ${system}`]),
    publisherText(publisher, publisherName),
  ].map((word) => short(word));
}

function publisherText(publisher: ImageResult['publisher'], name: string | null): string {
  switch (publisher) {
    case 'docker-official':
      return 'official';
    case 'vendor':
      return name ?? 'vendor';
    case 'retired':
      return 'retired';
    case 'unlisted':
    case 'unknown':
      return 'publisher unknown';
  }
}

function lifecycleName(lifecycle: ImageResult['lifecycle']): string {
  return lifecycle === null ? '' : `${lifecycle.product} ${lifecycle.line}`;
}

function warnings({ lifecycle, tagState }: ImageResult, colors: Palette): readonly string[] {
  const ended =
    lifecycle?.state === 'ended'
      ? [
          `  ${colors.verdict('fail', `${lifecycle.product} ${lifecycle.line} is past its end of life`)}${lifecycle.supportEndsOn === null ? '' : ` (${lifecycle.supportEndsOn})`}`,
        ]
      : [];
  const frozen =
    tagState === 'unmaintained'
      ? [`  ${colors.verdict('warn', 'its publisher does not rebuild this tag any more')}`]
      : [];
  return [...ended, ...frozen];
}

function useLines({ uses }: ImageResult, width: number, verbose: boolean): readonly string[] {
  const shown = verbose ? uses : uses.slice(0, shownUses);
  const places = shown.map(({ tree, path, line }) => short(`${tree === '.' ? '' : `${tree}/`}${path}:${line}`));
  const rest = uses.length - shown.length;
  const text = [...places, ...(rest > 0 ? [`and ${count(rest, 'more use')}`] : [])].join(', ');
  return [wrap(`in ${text}`, width, '  ')];
}
