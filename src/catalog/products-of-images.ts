import type { ProductOfImage } from '../domain/catalog/catalog.ts';
import lifeCycles from './data/life-cycles.json' with { type: 'json' };

/** endoflife.date names images as people write them; here they are named in full. */
export function productsOfImages(): ReadonlyMap<string, ProductOfImage> {
  const all = new Map<string, ProductOfImage>();
  // Pairs in the file; a JSON module gives their type as a wide array.
  const entries = Object.entries(lifeCycles.images) as unknown as [string, readonly [string, number]][];
  for (const [image, [product, cycleParts]] of entries) {
    const first = image.split('/')[0] ?? '';
    const name = !image.includes('/')
      ? `docker.io/library/${image}`
      : first.includes('.')
        ? image
        : `docker.io/${image}`;
    all.set(name, { product, cycleParts });
  }
  const more: Readonly<Record<string, ProductOfImage>> = {
    'docker.io/library/azul-zulu': { product: 'azul-zulu', cycleParts: 1 },
    'public.ecr.aws/amazonlinux/amazonlinux': { product: 'amazon-linux', cycleParts: 1 },
    'docker.io/amazon/aws-lambda-nodejs': { product: 'nodejs', cycleParts: 1 },
    'mcr.microsoft.com/dotnet/core/sdk': { product: 'dotnet', cycleParts: 1 },
    'mcr.microsoft.com/dotnet/core/aspnet': { product: 'dotnet', cycleParts: 1 },
    'mcr.microsoft.com/dotnet/core/runtime': { product: 'dotnet', cycleParts: 1 },
    'mcr.microsoft.com/dotnet/core/runtime-deps': { product: 'dotnet', cycleParts: 1 },
    'public.ecr.aws/lambda/nodejs': { product: 'nodejs', cycleParts: 1 },
    'public.ecr.aws/lambda/python': { product: 'python', cycleParts: 2 },
  };
  for (const [name, product] of Object.entries(more)) all.set(name, product);
  return all;
}
