import type { Catalog } from '../domain/catalog/catalog.ts';
import { describeImage } from '../domain/catalog/describe-image.ts';
import type { SplitImages } from '../domain/dockerfile/split/split-images.ts';
import { familiarReference, parseReference } from '../domain/image/reference.ts';

/** One reference per part of a multi-stage build; the catalog says what to write instead of it on a given day. */
const seeds: Readonly<Record<keyof SplitImages, string>> = {
  node: 'node:24-alpine',
  goBuild: 'golang:1.26-alpine',
  goRuntime: 'gcr.io/distroless/static-debian12:nonroot',
  python: 'python:3.13-alpine',
  mavenBuild: 'maven:3-eclipse-temurin-25-alpine',
  gradleBuild: 'gradle:9-jdk25-alpine',
  javaRuntime: 'eclipse-temurin:21-jre-alpine',
  dotnetBuild: 'mcr.microsoft.com/dotnet/sdk:8.0-alpine',
  dotnetRuntime: 'mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled',
};

/** The images that a suggested multi-stage version is made of: on the newest lines that the catalog knows. */
export function splitImages(catalog: Catalog, today: string): SplitImages {
  const entries = Object.entries(seeds).map(([part, seed]) => {
    const parsed = parseReference(seed);
    const recommended = parsed.kind === 'ok' ? describeImage(parsed.reference, catalog, today).recommended : undefined;
    return [part, recommended === undefined ? seed : familiarReference(recommended.reference)];
  });
  return Object.fromEntries(entries) as SplitImages;
}
