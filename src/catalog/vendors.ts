import type { Vendor } from '../domain/catalog/catalog.ts';

/**
 * Registries and namespaces that belong to the vendor of what they hold. Kept by hand from common knowledge, not read
 * from a list; `tablesDate` is the day it was written down.
 */
export const vendors: readonly Vendor[] = [
  vendor('gcr.io/distroless', 'Distroless (Google)', 'https://github.com/GoogleContainerTools/distroless', true),
  vendor('mcr.microsoft.com', 'Microsoft', 'https://mcr.microsoft.com', true),
  vendor('cgr.dev/chainguard', 'Chainguard', 'https://images.chainguard.dev'),
  vendor('dhi.io', 'Docker Hardened Images', 'https://docs.docker.com/dhi/'),
  vendor('registry.access.redhat.com', 'Red Hat', 'https://catalog.redhat.com'),
  vendor('registry.redhat.io', 'Red Hat', 'https://catalog.redhat.com'),
  vendor('public.ecr.aws/amazonlinux', 'Amazon Linux', 'https://gallery.ecr.aws/amazonlinux/amazonlinux'),
  vendor('public.ecr.aws/lambda', 'AWS Lambda', 'https://gallery.ecr.aws/lambda'),
  vendor('registry.suse.com', 'SUSE', 'https://registry.suse.com'),
  vendor('container-registry.oracle.com', 'Oracle', 'https://container-registry.oracle.com'),
  vendor('nvcr.io/nvidia', 'NVIDIA', 'https://catalog.ngc.nvidia.com'),
  vendor('docker.elastic.co', 'Elastic', 'https://www.docker.elastic.co'),
  vendor('quay.io/keycloak', 'Keycloak', 'https://quay.io/organization/keycloak'),
  vendor('quay.io/fedora', 'Fedora', 'https://quay.io/organization/fedora'),
  vendor('quay.io/centos', 'CentOS Stream', 'https://quay.io/organization/centos'),
  vendor('registry.k8s.io', 'Kubernetes', 'https://registry.k8s.io'),
  vendor('ghcr.io/graalvm', 'GraalVM', 'https://github.com/graalvm/container'),
  vendor('ghcr.io/astral-sh', 'Astral', 'https://docs.astral.sh/uv/guides/integration/docker/'),
].toSorted((a, b) => b.prefix.length - a.prefix.length);

function vendor(prefix: string, name: string, url: string, isOfficialByDefault = false): Vendor {
  return { prefix, name, url, isOfficialByDefault };
}
