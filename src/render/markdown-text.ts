import { short } from './visible.ts';

/** Neither markup, nor HTML, nor a mention, nor a link. */
export function escapeMarkdown(text: string): string {
  return short(text, 600)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
    .replaceAll('@', '@\u2060')
    .replace(/(https?|ftp|www)(?=[:.])/gi, '$1\u2060');
}

/** In backticks; text that could end them or a cell goes into an element, every special character as an entity. */
export function code(text: string): string {
  const shown = short(text, 600);
  if (!/[`|\\]/.test(shown) && shown.trim() === shown && shown !== '') return `\`${shown}\``;
  return `<code>${shown.replace(/[!-/:-@[-`{-~]/g, (character) => `&#${character.charCodeAt(0)};`)}</code>`;
}
