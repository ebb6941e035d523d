import type { NoticeMessage } from '../../domain/notice/notice-message.ts';

/** Characters of a line and of all lines: nobody reads more of a mail. */
const [maxLine, maxLines] = [1_000, 100_000];

export function mailText({ title, sections, footer }: NoticeMessage): string {
  const parts = fitting(sections).map(
    ({ heading, lines }) => `${heading}\n${lines.map((line) => `- ${line}`).join('\n')}`,
  );
  return `${[title, ...parts, footer].join('\n\n')}\n`;
}

/** No image, no style sheet, no link: nothing that a program for mail would have to fetch. */
export function mailHtml({ title, sections, footer }: NoticeMessage): string {
  const parts = fitting(sections).map(
    ({ heading, lines }) =>
      `<h3>${escapeHtml(heading)}</h3><ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`,
  );
  return `<!doctype html><html lang="en"><body><h2>${escapeHtml(title)}</h2>${parts.join('')}<p>${escapeHtml(footer)}</p></body></html>`;
}

function fitting(sections: NoticeMessage['sections']): NoticeMessage['sections'] {
  let left = maxLines;
  return sections.flatMap(({ heading, lines }) => {
    const taken = lines
      .map((line) => line.slice(0, maxLine).toWellFormed())
      .filter((line) => {
        left -= line.length;
        return left >= 0;
      });
    return taken.length === 0 ? [] : [{ heading, lines: taken }];
  });
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
