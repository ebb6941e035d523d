import type { FixList } from '../../test/fakes/patching/fix-list.ts';

/** As JSON with one upload a line, so that a change of the list can be read. */
export function formatFixList({ source, made, images, releases }: FixList): string {
  const named = Object.entries(images).map(([image, one]) => `    ${JSON.stringify(image)}: ${JSON.stringify(one)}`);
  const listed = Object.entries(releases).map(([release, { pointReleases, uploads, missing }]) => {
    const rows = uploads.map((upload) => `        ${JSON.stringify(upload)}`).join(',\n');
    const first = `      "pointReleases": ${JSON.stringify(pointReleases)},\n      "missing": ${JSON.stringify(missing)},`;
    return `    ${JSON.stringify(release)}: {\n${first}\n      "uploads": [\n${rows}\n      ]\n    }`;
  });
  const head = `  "source": ${JSON.stringify(source)},\n  "made": ${JSON.stringify(made)},`;
  return `{\n${head}\n  "images": {\n${named.join(',\n')}\n  },\n  "releases": {\n${listed.join(',\n')}\n  }\n}\n`;
}
