import type { Rule } from '../rule.ts';

export const unresolved: Rule = {
  id: 'unresolved',
  title: 'the file alone does not say which image is used',
  policy: '5.2.2 Permitted Base Images: Prohibited (not verifiable)',
  why:
    'The reference depends on a build argument or variable that has no value here. That is neither a pass nor a failure: it could not be told. ' +
    'A reference that is not valid at all is reported here too, beside the problem that says why.',
  levels: { ships: 'unknown', builds: 'unknown' },
  wrong: 'ARG TAG\nFROM alpine:$TAG\nUSER 65532\nCMD ["/app"]\n',
  right: 'ARG TAG=3.24\nFROM alpine:$TAG\nUSER 65532\nCMD ["/app"]\n',
  remedy:
    'Give the ARG a default, pass `--build-arg NAME=VALUE`, or write the value under `buildArgs` in the policy file.',
  find({ use }) {
    const { image } = use;
    switch (image.kind) {
      case 'scratch':
      case 'reference':
        return [];
      case 'unresolved':
        return [
          {
            reason: `no value for ${image.missing.join(', ')}`,
            fix: `give ${image.missing[0]} a default, or pass --build-arg ${image.missing[0]}=…`,
          },
        ];
      case 'invalid':
        return [{ reason: `${JSON.stringify(image.text)} is no reference: ${image.reason}` }];
    }
  },
};
