import { operatingSystemOf, runtimeOf, type Tag, wordsOf } from '../image/tag.ts';

/** What makes a variant small, in the order in which it is proposed: the C library and the shell stay where they can. */
export type SmallKind = 'slim' | 'chiseled' | 'distroless' | 'alpine' | 'minimal';

export const smallKinds: readonly SmallKind[] = ['slim', 'chiseled', 'distroless', 'minimal', 'alpine'];

const smallWords: ReadonlySet<string> = new Set(['slim', 'chiseled', 'distroless', 'minimal']);

/** In these the slim variant leaves out what the image is for (the compiler), so it stands in for nothing. */
const slimIsAnotherThing: ReadonlySet<string> = new Set(['docker.io/library/swift']);

/**
 * The kind of small variant that a tag is; `undefined` for a full one.
 *
 * @param repository full name: in .NET's `bookworm-slim` the word belongs to the system and saves nothing.
 */
export function smallKindOf(tag: Tag, repository: string): SmallKind | undefined {
  if (operatingSystemOf(tag)?.name === 'alpine') return 'alpine';
  const words = wordsOf(tag);
  return smallKinds.find((kind) => words.includes(kind) && !(kind === 'slim' && isDotnet(repository)));
}

/** Words and runtime that say what is in the image, without those of size, in one order; equal means interchangeable. */
export function contentOf(tag: Tag, repository: string): string {
  if (slimIsAnotherThing.has(repository)) return wordsOf(tag).toSorted().join(' ');
  // `8u502-b07`: the second token is the build of the version.
  // nginx's `alpine-slim` is not alpine made smaller: it leaves modules out.
  const isAlpine = operatingSystemOf(tag)?.name === 'alpine';
  const isSize = (word: string) => smallWords.has(word) && !(isAlpine && word === 'slim');
  const words = wordsOf(tag).filter((word) => !isSize(word) && !/^b\d+$/.test(word));
  const runtime = runtimeOf(tag);
  return [...words, ...(runtime === undefined ? [] : [`${runtime.name}=${runtime.release}`])].toSorted().join(' ');
}

export function isDotnet(repository: string): boolean {
  return repository.startsWith('mcr.microsoft.com/dotnet/');
}
