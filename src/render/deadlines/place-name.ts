import type { EpisodeSubject } from '../../domain/deadline/episode.ts';

/**
 * Where an image is used: the repository and the path in it; of a folder of this machine one path, from where the run is.
 *
 * @param from the current folder, absolute.
 */
export function placeName({ repository, path }: Pick<EpisodeSubject, 'repository' | 'path'>, from: string): string {
  if (!repository.startsWith('/')) return `${repository} ${path}`;
  const whole = repository === '/' ? `/${path}` : `${repository}/${path}`;
  return whole.startsWith(`${from}/`) ? whole.slice(from.length + 1) : whole;
}
