import { formatPlatform, parsePlatform } from '../domain/image/platform.ts';
import { parseReference, type Reference } from '../domain/image/reference.ts';
import { type MonitoredImage, pendingVariable } from '../domain/image-monitor/monitored-image.ts';
import { type ImageListFile, imageListJsonSchema, imageListSchema } from './image-list-schema.ts';
import { type FileProblem, type ReadFile, readYaml } from './read-yaml.ts';

export type ImageList = {
  readonly images: readonly MonitoredImage[];
  readonly commitPrefix?: string;
};

export type LoadedImageList =
  | { readonly kind: 'list'; readonly list: ImageList }
  | { readonly kind: 'problems'; readonly problems: readonly FileProblem[] };

type WrittenImage = ImageListFile['images'][number];

/**
 * The images to monitor, or every problem of the text with its line.
 *
 * @param text `{"images": […], "settings": {…}}`, or the list alone
 * @param name of the file or the input, for problems
 */
export function readImageList(text: string, name: string): LoadedImageList {
  const isListAlone = text.trimStart().startsWith('[');
  const whole = isListAlone ? `{"images":${text}\n}` : text;
  const form = { what: 'the list of images', schema: imageListSchema, jsonSchema: imageListJsonSchema };
  const reading = readYaml(whole, name, form);
  if (reading.kind === 'problems') return reading;
  const { file } = reading;
  const problems: FileProblem[] = [];
  const images = file.content.images.flatMap((written, at) => {
    const built = buildImage(written);
    if (typeof built !== 'string') return [built];
    problems.push(problemAt(file, at, built));
    return [];
  });
  problems.push(...repeated(file));
  if (problems.length > 0) return { kind: 'problems', problems };
  const prefix = file.content.settings?.['commit-prefix'];
  return { kind: 'list', list: { images, ...(prefix === undefined ? {} : { commitPrefix: prefix }) } };
}

/** @returns what is wrong, as a sentence's end */
function buildImage({
  name,
  image,
  tag,
  variable,
  description,
  platforms = [],
}: WrittenImage): MonitoredImage | string {
  const alone = parseReference(image);
  if (alone.kind === 'invalid') return `image ${JSON.stringify(image)} is none: ${alone.reason}`;
  if (alone.reference.tag !== undefined || alone.reference.digest !== undefined)
    return `image ${JSON.stringify(image)} has a tag or a digest: write the tag as "tag", and the image without`;
  const parsed = parseReference(`${image}:${tag}`);
  if (parsed.kind === 'invalid') return `tag ${JSON.stringify(tag)} is none: ${parsed.reason}`;
  if (!hasTag(parsed.reference)) return `tag ${JSON.stringify(tag)} is none: write the tag alone`;
  if (variable.startsWith('GITHUB_'))
    return 'variable begins with GITHUB_, which GitHub keeps to itself: begin it otherwise';
  const wrong = platforms.find((platform) => parsePlatform(platform) === undefined);
  if (wrong !== undefined) return `platforms has ${JSON.stringify(wrong)}, which is none: write linux/amd64`;
  return {
    name,
    reference: parsed.reference,
    variable,
    ...(description === undefined ? {} : { description }),
    platforms: platforms.flatMap((text) => {
      const platform = parsePlatform(text);
      return platform === undefined ? [] : [formatPlatform(platform)];
    }),
  };
}

function hasTag(reference: Reference): reference is MonitoredImage['reference'] {
  return reference.tag !== undefined && reference.digest === undefined;
}

/** Two images under one name or variable would overwrite each other. */
function repeated(file: ReadFile<ImageListFile>): readonly FileProblem[] {
  const names = new Set<string>();
  const variables = new Set<string>();
  return file.content.images.flatMap(({ name, variable }, at) => {
    const problems: FileProblem[] = [];
    if (names.has(name)) problems.push(problemAt(file, at, `name ${name} is taken by an image above: give it its own`));
    const taken = [variable, pendingVariable(variable)].some((one) => variables.has(one));
    if (taken) problems.push(problemAt(file, at, `variable ${variable} is taken by an image above: give it its own`));
    names.add(name);
    variables.add(variable).add(pendingVariable(variable));
    return problems;
  });
}

function problemAt(file: ReadFile<ImageListFile>, at: number, message: string): FileProblem {
  return { file: file.name, line: file.lineOf(['images', at]), message: `images.${at}: ${message}` };
}
