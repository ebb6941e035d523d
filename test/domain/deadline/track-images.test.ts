import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultDeadlineSettings } from '../../../src/domain/deadline/deadline-settings.ts';
import type { ReleasedImage, ReleaseImage } from '../../../src/domain/deadline/release-image.ts';
import type { ScanFacts } from '../../../src/domain/policy/scan-facts.ts';
import { at } from './lived.ts';
import { afterLooks, clean, finding, fixed, type Look, place, releaseAt, scanWith, storyOf, useOf } from './tracked.ts';

const shop: ReleaseImage = { address: { registry: 'ghcr.io', repository: 'acme/shop' }, path: place.path };
const settings = { ...defaultDeadlineSettings, releaseImages: [shop] };
const vulnerable = scanWith([finding(fixed)]);
const withBase = useOf(vulnerable, { replacement: { reference: 'docker.io/library/debian:12-slim', scan: clean } });
const mended = useOf(clean);
const base = `sha256:${'a'.repeat(64)}`;
const onBranch = { kind: 'commit', revision: 'c0ffee', isOnBranch: true, follows: [] } as const;
const begun = ['0d detected', '0d fix-available', '0d base-available'];

function imageAt(when: string, tag: string, scan: ScanFacts, changed: Partial<ReleasedImage> = {}): ReleasedImage {
  return {
    of: shop,
    tag,
    digest: `sha256:${tag.replaceAll(/\D/g, '').padEnd(64, 'f')}`,
    kind: 'patch',
    publishedAt: at(when),
    source: onBranch,
    platforms: new Map([[place.platform, { scan, bases: [] }]]),
    ...changed,
  };
}

/** Built on the base in use, from which something above it differs. */
const above = (scan: ScanFacts) => ({ platforms: new Map([[place.platform, { scan, bases: [base] }]]) });

function tells(said: string, looks: readonly Look[], story: readonly string[]): void {
  const all = looks.map(([when, request]): Look => [when, { settings, ...request }]);
  test(said, () => assert.deepEqual(storyOf(afterLooks(...all)), story));
}

tells(
  'an image from a commit of the branch that scans free of it ends it, at its publication',
  [
    ['0d', { uses: [withBase] }],
    ['3d', { uses: [mended], releasedImages: [imageAt('2d', '1.0.1', clean)] }],
  ],
  [...begun, '2d merged', '2d released', '2d closed'],
);
tells(
  'a git tag ends nothing where an image is what is released',
  [
    ['0d', { uses: [withBase] }],
    ['3d', { uses: [mended], releases: [releaseAt('2d', 'v1.0.1', clean)] }],
  ],
  [...begun, '3d merged'],
);
tells(
  'nor does the branch, where that ships at once otherwise',
  [
    ['0d', { uses: [withBase], settings: { ...settings, releases: 'branch' } }],
    ['3d', { uses: [mended], settings: { ...settings, releases: 'branch' } }],
  ],
  [...begun, '3d merged'],
);
tells(
  'an image that has it still is missed, whoever built it, and the next one ends it',
  [
    ['0d', { uses: [withBase] }],
    [
      '4d',
      {
        uses: [mended],
        releasedImages: [
          imageAt('1d', '1.0.1', vulnerable, { source: { kind: 'unknown', reason: 'no label' } }),
          imageAt('3d', '1.0.2', clean),
        ],
      },
    ],
  ],
  [...begun, '1d release-missed', '3d merged', '3d released', '3d closed'],
);
tells(
  'a tag that is pushed anew without mending is missed twice',
  [
    ['0d', { uses: [withBase] }],
    ['2d', { uses: [withBase], releasedImages: [imageAt('1d', '1.0.1', vulnerable)] }],
    ['4d', { uses: [withBase], releasedImages: [imageAt('3d', '1.0.1', vulnerable, { digest: base })] }],
  ],
  [...begun, '1d release-missed', '3d release-missed'],
);
for (const [said, source, ends] of [
  ['that names no commit', { kind: 'unknown', reason: 'no label' }, false],
  ['from a commit of another branch', { ...onBranch, isOnBranch: false, follows: [] }, false],
  ['from another branch that has what was merged', { ...onBranch, isOnBranch: false, follows: ['abc'] }, true],
] as const)
  tells(
    `an image ${said} ${ends ? 'ends it' : 'ends nothing'}`,
    [
      ['0d', { uses: [withBase] }],
      ['1d', { uses: [mended], revision: 'abc' }],
      ['3d', { uses: [mended], releasedImages: [imageAt('2d', '1.0.1', clean, { source })] }],
    ],
    [...begun, '1d merged', ...(ends ? ['2d released', '2d closed'] : [])],
  );
for (const [said, scan] of [
  ['was not scanned', { kind: 'failed', message: 'no' }],
  ['is of a system without advisories', scanWith([], { isEndOfLife: true })],
] as const)
  tells(
    `an image that ${said} ends nothing`,
    [
      ['0d', { uses: [withBase] }],
      ['3d', { uses: [mended], releasedImages: [imageAt('2d', '1.0.1', scan)] }],
    ],
    [...begun, '3d merged'],
  );
tells(
  'an image for another platform ends nothing',
  [
    ['0d', { uses: [withBase] }],
    [
      '3d',
      {
        uses: [mended],
        releasedImages: [
          imageAt('2d', '1.0.1', clean, { platforms: new Map([['linux/arm64', { scan: clean, bases: [] }]]) }),
        ],
      },
    ],
  ],
  [...begun, '3d merged'],
);
tells(
  'an image of another stage ends nothing, and git tags count there',
  [
    ['0d', { uses: [withBase] }],
    [
      '3d',
      {
        uses: [mended],
        settings: { ...settings, releaseImages: [{ ...shop, stage: 'worker' }] },
        releasedImages: [imageAt('1d', '1.0.1', clean, { of: { ...shop, stage: 'worker' } })],
        releases: [releaseAt('2d', 'v1.0.1', clean)],
      },
    ],
  ],
  [...begun, '2d merged', '2d released', '2d closed'],
);

// Something above the base mends it: an upgrade of the package in the Dockerfile.
tells(
  'the base has it still, and an image that was built on it does not: it ends',
  [
    ['0d', { uses: [withBase] }],
    ['3d', { uses: [withBase], releasedImages: [imageAt('2d', '1.0.1', clean, above(clean))] }],
  ],
  [...begun, '2d released', '2d closed'],
);
tells(
  'the base has it still, and an image does not that was built on something else: nothing ends',
  [
    ['0d', { uses: [withBase] }],
    ['3d', { uses: [withBase], releasedImages: [imageAt('2d', '1.0.1', clean)] }],
  ],
  begun,
);
tells(
  'what an upgrade above the base mended is not back as long as the images are free of it, nor where none can be read',
  [
    ['0d', { uses: [withBase] }],
    ['3d', { uses: [withBase], releasedImages: [imageAt('2d', '1.0.1', clean, above(clean))] }],
    ['4d', { uses: [withBase], releasedImages: [imageAt('2d', '1.0.1', clean, above(clean))] }],
    ['20d', { uses: [withBase] }],
  ],
  [...begun, '2d released', '2d closed'],
);
tells(
  'it is back with the image that has it again',
  [
    ['0d', { uses: [withBase] }],
    ['3d', { uses: [withBase], releasedImages: [imageAt('2d', '1.0.1', clean, above(clean))] }],
    ['5d', { uses: [withBase], releasedImages: [imageAt('4d', '1.0.2', vulnerable, above(vulnerable))] }],
  ],
  [...begun, '2d released', '2d closed', '5d reopened'],
);
tells(
  'a base that was changed back has it again, whatever the last image shows',
  [
    ['0d', { uses: [withBase] }],
    ['3d', { uses: [mended], releasedImages: [imageAt('2d', '1.0.1', clean)] }],
    ['4d', { uses: [withBase], releasedImages: [imageAt('2d', '1.0.1', clean)] }],
  ],
  [...begun, '2d merged', '2d released', '2d closed', '4d reopened'],
);
test('the end names the image and its digest', () => {
  const image = imageAt('2d', '1.0.1', clean);
  const { events } = afterLooks(
    ['0d', { uses: [withBase], settings }],
    ['3d', { uses: [mended], settings, releasedImages: [image] }],
  );
  assert.deepEqual(events.find(({ what }) => what.kind === 'released')?.what, {
    kind: 'released',
    name: 'ghcr.io/acme/shop:1.0.1',
    release: 'patch',
    digest: image.digest,
  });
});
