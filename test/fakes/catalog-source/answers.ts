import type { LifeCyclesPart, OfficialPart } from '../../../src/domain/catalog/snapshot.ts';

/** The files of `library/` that say what a part of the catalog holds: every list of tags in one entry, small images apart. */
export function libraryOf({ repositories, smallAlready }: Pick<OfficialPart, 'repositories' | 'smallAlready'>) {
  return Object.fromEntries(
    Object.entries(repositories).map(([name, tags]) => {
      const small = new Set(smallAlready[name]?.split(' '));
      const isSmall = (tag: string) => small.has(tag) || /(?:^|-)(?:alpine|slim)/.test(tag);
      // Small images without such a name of their own are built apart from those with one.
      const groups = Object.entries(
        Object.groupBy(tags.split(' '), (tag) =>
          small.size > 0 && isSmall(tag) ? 'small' : isSmall(tag) ? 'named' : 'full',
        ),
      );
      const entries = groups.map(([directory, list = []]) => entry(list, directory));
      return [
        name,
        `Maintainers: A <a@example.org> (@a)\nGitRepo: https://example.org/${name}.git\n\n${entries.join('\n')}`,
      ];
    }),
  );
}

export function entry(tags: readonly string[], directory = '.'): string {
  return `Tags: ${tags.join(', ')}\nArchitectures: amd64, arm64v8\nGitCommit: ${'1'.repeat(40)}\nDirectory: ${directory}\n`;
}

/** The API's answer that says what a part of the catalog holds. */
export function endOfLifeAnswerOf({ products }: Pick<LifeCyclesPart, 'products'>, day = '2026-11-22') {
  const result = Object.entries(products).map(([name, { title, cycles }]) => ({
    name,
    label: title,
    aliases: [],
    category: 'framework',
    tags: [],
    releases: cycles.map(([cycle, codename, lts, releasedOn, ends, longTermEnds, latest]) => ({
      name: cycle,
      codename,
      label: cycle,
      releaseDate: releasedOn,
      isLts: lts === true || (typeof lts === 'string' && lts <= day),
      ltsFrom: typeof lts === 'string' ? lts : null,
      isEol: typeof ends === 'string' ? ends < day : ends,
      eolFrom: typeof ends === 'string' ? ends : null,
      ...(longTermEnds === null ? {} : { isEoes: false, eoesFrom: longTermEnds }),
      isMaintained: true,
      latest: latest === null ? null : { name: latest, date: null, link: null },
      custom: null,
    })),
  }));
  return { schema_version: '1.2.0', generated_at: `${day}T00:12:05+00:00`, total: result.length, result };
}
