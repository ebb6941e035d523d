import type { Format } from './format.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

/** Every format of `check`, in the order in which help lists them. */
export const formats: readonly Format[] = [text, json, sarif, github, markdown, junit, gitlab, html];

export function findFormat(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}
