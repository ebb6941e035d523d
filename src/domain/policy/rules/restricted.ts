import type { Rule } from '../rule.ts';

export const restricted: Rule = {
  id: 'restricted',
  title: 'the image is restricted: official, but larger than the preferred ones',
  policy: '5.2.2 Permitted Base Images: Restricted',
  why:
    'Official language images (node, python, dotnet …) and every other official image are allowed, with a larger attack surface than ' +
    'alpine, distroless or scratch. The note is there so that a better base is considered; it changes no verdict.',
  levels: { ships: 'info', builds: 'off' },
  wrong: 'FROM node:26-alpine\nUSER node\nCMD ["node", "server.js"]\n',
  right: 'FROM gcr.io/distroless/nodejs26-debian13:nonroot\nCMD ["server.js"]\n',
  remedy:
    'Where the program needs no shell or package manager at run time, ship it on distroless, alpine or scratch and keep the language image as a build stage.',
  find({ category, matched }) {
    if (category !== 'restricted') return [];
    return [
      {
        reason: `restricted image (${matched?.why ?? 'official images only'}); alpine, distroless or scratch are preferred`,
      },
    ];
  },
};
