import type { Rule } from '../../rule.ts';

export const debugImage: Rule = {
  id: 'debug-image',
  title: 'what ships is built on a debug variant',
  policy: '5.2.2 Preferred: minimal attack surface',
  why: 'The :debug tags of distroless add a busybox shell to an image that has none by design: handy while looking for a fault, a gift to an intruder in production. Read from the tag.',
  levels: { ships: 'warn', builds: 'off' },
  wrong: 'FROM gcr.io/distroless/static-debian13:debug-nonroot\nCOPY app /app\nCMD ["/app"]\n',
  right: 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /app\nCMD ["/app"]\n',
  remedy:
    'Use the same image without debug (nonroot, latest with a digest); keep a debug target beside it, or attach a debug container when needed.',
  find({ facts, reference, shipped }) {
    if (facts?.isDebug !== true || shipped.length === 0) return [];
    const tag = reference?.tag ?? 'debug';
    const fix = tag.includes('nonroot')
      ? 'use the tag nonroot'
      : 'use the same image without debug, best its nonroot tag';
    return [{ reason: `the tag ${tag} carries a shell`, fix }];
  },
};
