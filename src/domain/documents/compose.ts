import type { Parsed } from '../source/problem.ts';
import { addComposeBuild } from './compose-build.ts';
import { composeServices } from './compose-services.ts';
import { itemsOf, mapAt, nodeAt, type ScalarNode, scalarAt } from './document-node.ts';
import type { DocumentReading } from './document-reading.ts';
import { expandVariables } from './expand-variables.ts';
import type { Expansion } from './expansion.ts';
import { parseYaml } from './parse-yaml.ts';
import { ReadingBuilder } from './reading-builder.ts';

/**
 * Reads a Compose file by itself: the images its services run, and what they build. `image` beside `build` names what is
 * built. Variables have the defaults that stand in the text; one without is missing, since `.env` and shell are not asked.
 * Files are not merged with each other.
 *
 * @see docs.docker.com/reference/compose-file
 */
export function readCompose(text: string, path: string): Parsed<DocumentReading> {
  const { value: documents, problems } = parseYaml(text);
  const reading = new ReadingBuilder();
  reading.addProblem(...problems);
  for (const document of documents) {
    for (const [, service, line] of composeServices(mapAt(document, 'services'))) {
      const platform = expandCompose(scalarAt(service, 'platform'));
      const image = scalarAt(service, 'image');
      if (nodeAt(service, 'build') !== undefined) addComposeBuild(reading, service, path, line);
      else if (image !== undefined) {
        const isKnown = platform !== undefined && platform.missing.length === 0;
        const asked = isKnown ? { platform: platform.traced.text } : {};
        reading.addImage({
          scalar: image,
          expansion: expandVariables(image.traced, unset),
          role: 'deployed',
          ...asked,
        });
      }
      for (const volume of itemsOf(nodeAt(service, 'volumes'))) {
        const source = scalarAt(volume, 'source');
        if (source === undefined || scalarAt(volume, 'type')?.traced.text !== 'image') continue;
        reading.addImage({ scalar: source, expansion: expandVariables(source.traced, unset), role: 'deployed' });
      }
    }
  }
  return reading.build();
}

export function expandCompose(scalar: ScalarNode | undefined): Expansion | undefined {
  return scalar && expandVariables(scalar.traced, unset);
}

/** Shell and `.env` belong to a machine, not to the tree. */
function unset(): undefined {
  return undefined;
}
