import type { Registry, RepositoryAddress } from '../../ports/registry.ts';

/** The same registries, asked each question once in the run, however many trees, files and references want the answer. */
export function askedOnce(registry: Registry): Registry {
  const answers = new Map<string, Promise<unknown>>();
  function once<T>(question: readonly string[], ask: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(question);
    const known = answers.get(key);
    // What lies under a key was put there by the same method, which names itself in the key.
    if (known !== undefined) return known as Promise<T>;
    const answer = ask();
    answers.set(key, answer);
    return answer;
  }
  const at = ({ registry: host, repository }: RepositoryAddress) => [host, repository];
  return {
    resolve: (address, tag) => once(['resolve', ...at(address), tag], () => registry.resolve(address, tag)),
    listTags: (address, known) =>
      known === undefined
        ? once(['list', ...at(address)], () => registry.listTags(address))
        : registry.listTags(address, known),
    readManifest: (address, digest) =>
      once(['manifest', ...at(address), digest], () => registry.readManifest(address, digest)),
    readConfig: (address, digest) =>
      once(['config', ...at(address), digest], () => registry.readConfig(address, digest)),
    // Each folder is written by its own call.
    downloadImage: (address, digest, folder, bounds) => registry.downloadImage(address, digest, folder, bounds),
    // A badge belongs to the namespace.
    findPublisher: (address) =>
      once(['publisher', address.registry, address.repository.split('/')[0] ?? ''], () =>
        registry.findPublisher(address),
      ),
    requests: () => registry.requests(),
    budgets: () => registry.budgets(),
    faults: () => registry.faults(),
    close: () => registry.close(),
  };
}
