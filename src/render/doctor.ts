import stringWidth from 'fast-string-width';
import type { DoctorCheck, DoctorResult } from '../flows/doctor/doctor-result.ts';
import { count } from './familiar.ts';
import { type Palette, palette } from './palette.ts';
import { table, wrap } from './table.ts';
import { short } from './visible.ts';

const titles: Readonly<Record<DoctorCheck['area'], string>> = {
  registry: 'Registries',
  network: 'Network',
  credentials: 'Credentials',
  forge: 'Forge',
  program: 'Programs',
  storage: 'Storage',
  catalog: 'Catalog',
};

/** One line a thing: whether it works, what was found, and beneath it what to do. */
export function formatDoctor(
  result: DoctorResult,
  options: { readonly color: boolean; readonly width: number },
): string {
  const colors = palette(options.color);
  const heads = table(result.checks.map(({ state, name }) => [`  ${paint(colors, state)}`, short(name, 60)]));
  const indent = Math.max(...heads.map((head) => stringWidth(head))) + 2;
  const lines: string[] = [];
  let area: DoctorCheck['area'] | undefined;
  for (const [at, check] of result.checks.entries()) {
    if (check.area !== area) lines.push(...(area === undefined ? [] : ['']), colors.strong(titles[check.area]));
    area = check.area;
    lines.push(...checkLines(check, heads[at] ?? '', indent, options.width));
  }
  return `${[...lines, '', conclusion(result, colors)].join('\n')}\n`;
}

function checkLines({ says, remedy }: DoctorCheck, head: string, indent: number, width: number): readonly string[] {
  const margin = ' '.repeat(indent);
  const text = wrap(short(says, 600), Math.max(width, indent + 40), margin);
  const padding = ' '.repeat(Math.max(0, indent - stringWidth(head)));
  const advice = remedy === null ? [] : [wrap(`→ ${short(remedy)}`, Math.max(width, indent + 40), margin)];
  return [`${head}${padding}${text.slice(indent)}`, ...advice];
}

function paint(colors: Palette, state: DoctorCheck['state']): string {
  switch (state) {
    case 'ok':
      return colors.verdict('pass', state);
    case 'warn':
      return colors.verdict('warn', state);
    case 'problem':
      return colors.verdict('fail', state);
  }
}

function conclusion({ checks }: DoctorResult, colors: Palette): string {
  const problems = checks.filter(({ state }) => state === 'problem').length;
  const warnings = checks.filter(({ state }) => state === 'warn').length;
  const also = warnings === 0 ? '' : ` (${count(warnings, 'warning')})`;
  return problems === 0
    ? `${colors.verdict('pass', 'Everything that is needed works')}${also}.`
    : `${colors.verdict('fail', `${count(problems, 'thing')} that ${problems === 1 ? 'is' : 'are'} needed ${problems === 1 ? 'does' : 'do'} not work`)}${also}.`;
}
