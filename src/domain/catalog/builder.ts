import { operatingSystemOf, parseTag, wordsOf } from '../image/tag.ts';
import { smallKindOf } from './variant.ts';

/** Made for building, in every variant. */
const builders: ReadonlySet<string> = new Set([
  ...'golang rust gcc maven gradle buildpack-deps clojure haskell dart composer nim haxe groovy swift'
    .split(' ')
    .map((name) => `docker.io/library/${name}`),
  'mcr.microsoft.com/dotnet/sdk',
  'mcr.microsoft.com/dotnet/core/sdk',
]);

/** Their full variants stand on buildpack-deps: compilers, headers, version control. The small ones do not. */
const fullIsBuilder: ReadonlySet<string> = new Set(
  'node python ruby perl pypy erlang elixir hylang'.split(' ').map((name) => `docker.io/library/${name}`),
);

/** JDK by default, with a JRE beside it. */
const jdks: ReadonlySet<string> = new Set(
  'eclipse-temurin ibm-semeru-runtimes sapmachine azul-zulu openjdk adoptopenjdk java'
    .split(' ')
    .map((name) => `docker.io/library/${name}`),
);

/** Whether an image brings compilers and the like: true for the untagged reference as for its default tag. */
export function isBuilderImage(repository: string, text: string | undefined): boolean {
  const tag = parseTag(text ?? '');
  const words = wordsOf(tag);
  if (repository === 'docker.io/library/swift') return !words.includes('slim');
  if (builders.has(repository)) return true;
  if (repository === 'docker.io/nvidia/cuda') return words.includes('devel');
  if (jdks.has(repository)) return !words.includes('jre');
  if (repository === 'docker.io/library/caddy') return words.includes('builder');
  if (!fullIsBuilder.has(repository)) return false;
  return smallKindOf(tag, repository) === undefined && operatingSystemOf(tag)?.name !== 'nanoserver';
}
