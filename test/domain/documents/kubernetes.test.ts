import { readKubernetes } from '../../../src/domain/documents/kubernetes.ts';
import { documentTable } from './document-table.ts';

const { names, complains } = documentTable(readKubernetes, 'k8s/app.yaml');
const nginx = 'docker.io/library/nginx:1';
const manifest = (kind: string, rest: string) => `apiVersion: v1\nkind: ${kind}\n${rest}\n`;

names('a Pod', manifest('Pod', 'spec: {containers: [{name: a, image: «nginx:1»}]}'), nginx);
for (const kind of [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'ReplicaSet',
  'ReplicationController',
  'Rollout',
]) {
  names(
    `a ${kind}`,
    manifest(kind, 'spec:\n  template:\n    spec:\n      containers:\n      - image: "«nginx:1»"'),
    nginx,
  );
}
names(
  'a CronJob',
  manifest('CronJob', 'spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: «nginx:1»}]}}}}}'),
  nginx,
);
names('a PodTemplate', manifest('PodTemplate', 'template: {spec: {containers: [{image: «nginx:1»}]}}'), nginx);
names(
  'all kinds of containers and image volumes',
  manifest(
    'Pod',
    'spec:\n  ephemeralContainers: [{image: «a»}]\n  containers: [{image: «b»}]\n  initContainers: [{image: «c»}]\n  volumes: [{name: v, image: {reference: «d»}}, {emptyDir: {}}]',
  ),
  ...['a', 'b', 'c', 'd'].map((name) => `docker.io/library/${name}:latest`),
);
names(
  'a List',
  manifest(
    'List',
    'items:\n- {apiVersion: v1, kind: Pod, spec: {containers: [{image: «nginx:1»}]}}\n- {apiVersion: v1, kind: Service}',
  ),
  nginx,
);
names(
  'several documents',
  `${manifest('Service', 'spec: {}')}---\n${manifest('Pod', 'spec: {containers: [{image: «nginx:1»}]}')}---\n`,
  nginx,
);
names('JSON in YAML', '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "«nginx:1»"}]}}', nginx);
names(
  'a digest',
  manifest('Pod', `spec: {containers: [{image: "«nginx@sha256:${'a'.repeat(64)}»"}]}`),
  `docker.io/library/nginx@sha256:${'a'.repeat(64)}`,
);
names(
  'an anchored container is one use',
  manifest('Pod', 'spec: {initContainers: [&c {image: «nginx:1»}], containers: [*c]}'),
  nginx,
);
names(
  'a placeholder is missing',
  manifest('Pod', 'spec: {containers: [{image: "«nginx:{{ inputs.parameters.tag }}»"}]}'),
  '?inputs.parameters.tag',
);
names('an invalid image', manifest('Pod', 'spec: {containers: [{image: «Nginx»}]}'), '!Nginx');
names('no manifest without a kind', 'apiVersion: v1\nx: "kind:"\nspec: {containers: [{image: nginx}]}\n');
names('an image outside a pod is none', manifest('ConfigMap', 'data: {image: nginx}\nspec: {image: nginx}'));
names('other YAML', 'image: nginx\ncontainers: [{image: nginx}]\n');
names(
  'wrong shapes',
  manifest('Pod', 'spec: {containers: {image: nginx}, initContainers: text, volumes: [[image]]}').replace(
    '{image: nginx}',
    '{name: x}',
  ),
);
names(
  'hostile keys',
  manifest('Pod', 'spec: {__proto__: {image: a}, containers: [{__proto__: b, image: «nginx:1»}]}'),
  nginx,
);

complains('broken YAML of a manifest', manifest('Pod', 'spec: {containers: [{image: a}'), 'error invalid-yaml 4');
complains(
  'a Helm template',
  manifest('Pod', '{{- if .Values.on }}\nspec: {containers: [{image: a}]}\n{{- end }}'),
  'info template-not-read 0',
);
complains('broken YAML that is no manifest', 'a: [\nb: }\n');
complains(
  'one broken document',
  `${manifest('Pod', 'spec: [}')}---\n${manifest('Pod', 'spec: {containers: [{image: A}]}')}`,
  'error invalid-yaml 3',
  'error invalid-reference 7',
);
complains('nothing wrong', manifest('Pod', 'spec: {containers: [{image: nginx}]}'));
