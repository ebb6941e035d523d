import { statSync } from 'node:fs';
import { readBounded } from '../config/read-bounded.ts';
import { parseReference, type Reference } from '../domain/image/reference.ts';
import { parseProvenance } from '../domain/vulnerability/parse-provenance.ts';
import { parseReport } from '../domain/vulnerability/parse-report.ts';
import type { Comparable } from '../flows/compare-images.ts';
import type { NamedScan } from '../flows/originate.ts';
import { UsageError } from './failure.ts';

/** Reports of images with tens of thousands of packages are some tens of megabytes. */
const maxReportBytes = 256 * 1024 * 1024;
const maxProvenanceBytes = 16 * 1024 * 1024;

/** A file that is there is a report; everything else names an image. */
export async function readComparable(text: string): Promise<Comparable> {
  const parsed = parseReference(text);
  const isFile = statSync(text, { throwIfNoEntry: false })?.isFile() === true;
  if (isFile) return { kind: 'report', ...(await readReport(text, parsed.kind === 'ok')) };
  if (parsed.kind === 'invalid' || looksLikeFile(text))
    throw new UsageError(
      `there is no file ${text}${parsed.kind === 'invalid' ? `, and it is no image reference: ${parsed.reason}` : ''}: name a report of Trivy or Grype, or an image`,
    );
  return { kind: 'image', source: text, reference: parsed.reference };
}

function looksLikeFile(text: string): boolean {
  return /^[./~]|\.json$/.test(text);
}

/** @param isName whether it could be the name of an image as well. */
async function readReport(path: string, isName: boolean): Promise<NamedScan> {
  const instead = isName ? `; if the image is meant, write it with its registry: docker.io/library/${path}` : '';
  const read = await readBounded(path, maxReportBytes);
  if (read.kind === 'missing') throw new UsageError(`there is no file ${path}: name a report of Trivy or Grype`);
  if (read.kind !== 'text') throw new UsageError(`${path} ${read.reason}`);
  const reading = parseReport(read.text);
  if (reading.kind === 'refused') throw new UsageError(`${path} ${reading.reason}${instead}`);
  return { source: path, scan: reading.scan };
}

/** @returns the images that it says a build was made from. */
export async function readProvenance(path: string): Promise<readonly Reference[]> {
  const read = await readBounded(path, maxProvenanceBytes);
  if (read.kind === 'missing') throw new UsageError(`there is no file ${path}: name the provenance of a build`);
  if (read.kind !== 'text') throw new UsageError(`${path} ${read.reason}`);
  const reading = parseProvenance(read.text);
  if (reading.kind === 'refused') throw new UsageError(`${path} ${reading.reason}`);
  return reading.images;
}
