import { type DocumentNode, entriesOf, itemsOf, nodeAt, type ScalarNode, scalarAt } from './document-node.ts';
import type { BuildDefinition } from './document-reading.ts';
import { expandVariables } from './expand-variables.ts';
import { placeBuild, placeContext } from './place-build.ts';
import { placeInline } from './place-inline.ts';
import type { ReadingBuilder } from './reading-builder.ts';

/** Adds what `build` of a service says; `image` and `build.tags` name what comes out. */
export function addComposeBuild(
  reading: ReadingBuilder,
  service: DocumentNode,
  path: string,
  serviceLine: number,
): void {
  const build = nodeAt(service, 'build');
  if (build === undefined || build.kind === 'list') return;
  const line = build.kind === 'scalar' ? build.line : serviceLine;
  const contexts = pairs(nodeAt(build, 'additional_contexts'));
  for (const [, value] of contexts) addContextImage(reading, value);
  const place =
    build.kind === 'scalar' ? locate(reading, build, undefined, path, line) : placeOf(reading, build, path, line);
  if (place === undefined) return;
  const target = known(scalarAt(build, 'target'));
  const platforms = itemsOf(nodeAt(build, 'platforms')).flatMap(knownItem);
  const produces = [nodeAt(service, 'image'), ...itemsOf(nodeAt(build, 'tags'))].flatMap(knownItem);
  reading.addBuild({
    ...place,
    args: knownPairs(pairs(nodeAt(build, 'args'))),
    contexts: Object.fromEntries(
      Object.entries(knownPairs(contexts)).map(([name, value]) => [name, serviceTarget(value)]),
    ),
    produces: [...new Set(produces)],
    line,
    ...(target === undefined || target === '' ? {} : { target }),
    ...(platforms.length === 0 ? {} : { platforms }),
  });
}

type Place = Pick<BuildDefinition, 'dockerfile' | 'inline' | 'context'>;

function placeOf(reading: ReadingBuilder, build: DocumentNode, path: string, line: number): Place | undefined {
  const inline = scalarAt(build, 'dockerfile_inline');
  if (inline !== undefined)
    return {
      inline: placeInline(expandVariables(inline.traced, () => undefined).traced, inline.line),
      ...placeContext(contextOf(scalarAt(build, 'context')), path),
    };
  return locate(reading, scalarAt(build, 'context'), scalarAt(build, 'dockerfile'), path, line);
}

function locate(
  reading: ReadingBuilder,
  contextScalar: ScalarNode | undefined,
  dockerfileScalar: ScalarNode | undefined,
  path: string,
  line: number,
): Place | undefined {
  const context = contextOf(contextScalar);
  const dockerfile = dockerfileScalar === undefined ? 'Dockerfile' : known(dockerfileScalar);
  return placeBuild(reading, { context, dockerfile, path, line });
}

function contextOf(scalar: ScalarNode | undefined): string | undefined {
  return scalar === undefined ? '.' : known(scalar);
}

const imageScheme = 'docker-image://';

function addContextImage(reading: ReadingBuilder, { scalar, start }: Value): void {
  const { text } = scalar.traced;
  if (!text.startsWith(imageScheme, start)) return;
  const expansion = expandVariables(scalar.traced, () => undefined);
  reading.addImage({ scalar, expansion, role: 'build', prefixLength: start + imageScheme.length });
}

/** A context of another service's result is to Compose `service:NAME`, to BuildKit `target:NAME`. */
function serviceTarget(context: string): string {
  return context.startsWith('service:') ? `target:${context.slice('service:'.length)}` : context;
}

/** A value, and where it begins in its scalar (behind `NAME=` in a list). */
type Value = { readonly scalar: ScalarNode; readonly start: number };

/** `{ NAME: value }` or `[NAME=value]`; names without a value, which Compose takes from the shell, are left out. */
function pairs(node: DocumentNode | undefined): readonly (readonly [string, Value])[] {
  if (node?.kind === 'map') {
    return entriesOf(node).flatMap(([name, scalar]) =>
      scalar.kind === 'scalar' ? [[name, { scalar, start: 0 }] as const] : [],
    );
  }
  return itemsOf(node).flatMap((scalar) => {
    const equals = scalar.kind === 'scalar' ? scalar.traced.text.indexOf('=') : -1;
    if (scalar.kind !== 'scalar' || equals < 0) return [];
    return [[scalar.traced.text.slice(0, equals), { scalar, start: equals + 1 }] as const];
  });
}

function knownPairs(values: readonly (readonly [string, Value])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.flatMap(([name, { scalar, start }]) => {
      const value = known(scalar);
      return value === undefined ? [] : [[name, value.slice(start)]];
    }),
  );
}

function known(scalar: ScalarNode | undefined): string | undefined {
  if (scalar === undefined) return undefined;
  const { traced, missing } = expandVariables(scalar.traced, () => undefined);
  return missing.length === 0 ? traced.text : undefined;
}

function knownItem(node: DocumentNode | undefined): readonly string[] {
  const text = node?.kind === 'scalar' ? known(node) : undefined;
  return text === undefined || text === '' ? [] : [text];
}
