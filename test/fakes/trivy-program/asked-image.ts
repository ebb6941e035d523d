import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The ID of the image in an OCI layout, by which Trivy's reports know it; `undefined` where there is no layout. */
export function imageIdOfLayout(layout: string): string | undefined {
  if (!existsSync(join(layout, 'index.json'))) return undefined;
  const [manifest] = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')).manifests;
  const blob = (digest: string) =>
    readFileSync(join(layout, 'blobs', 'sha256', digest.slice('sha256:'.length)), 'utf8');
  return JSON.parse(blob(manifest.digest)).config.digest;
}

export function imageIdOfReport(text: string): string {
  return JSON.parse(text).Metadata.ImageID;
}

/** Of a CycloneDX document that Trivy wrote; empty for another. */
export function imageIdOfInventory(text: string): string {
  return /"aquasecurity:trivy:ImageID",\s*"value": "([^"]*)"/.exec(text)?.[1] ?? '';
}
