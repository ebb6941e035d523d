import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeRoutes } from '../../../scripts/github/fake-routes.ts';
import { invalid, notFound } from './refused.ts';
import { answeredRoutes } from './routes.ts';
import { describeAs, holdToSchema, routeOf } from './schemas.ts';

const labels = '/repos/{owner}/{repo}/labels';

test('an answer that GitHub would not give is refused', () => {
  const label = describeAs('label', { name: 'docker', color: '1068bf' });
  holdToSchema(`POST ${labels}`, 201, label);
  for (const wrong of [undefined, [], { ...label, id: '1' }, { name: 'docker' }])
    assert.throws(() => holdToSchema(`POST ${labels}`, 201, wrong), /none of GitHub's/);
  assert.throws(() => holdToSchema(`POST ${labels}`, 204, undefined), /nothing says what GitHub answers/);
});

test('so is a refusal without words, or with details that have no code', () => {
  const refused = invalid('Label', 'name is invalid').body;
  holdToSchema(`POST ${labels}`, 422, refused);
  for (const wrong of [{}, { message: 'Validation Failed' }, { ...refused, errors: [{ message: 'name is invalid' }] }])
    assert.throws(() => holdToSchema(`POST ${labels}`, 422, wrong), /none of GitHub's/);
  // Of this one the description says nothing.
  holdToSchema('GET /user/repos', 404, notFound().body);
  assert.throws(() => holdToSchema('GET /user/repos', 404, { message: 'Not Found' }), /documentation_url/);
});

test('and a body where GitHub gives none', () => {
  const variable = '/repos/{owner}/{repo}/actions/variables/{name}';
  holdToSchema(`PATCH ${variable}`, 204, undefined);
  assert.throws(() => holdToSchema(`PATCH ${variable}`, 204, {}), /has a body/);
});

for (const [method, pathname, route] of [
  ['GET', '/repos/acme/shop/labels', `GET ${labels}`],
  ['GET', '/repos/acme/shop/contents/a/b%2Fc', 'GET /repos/{owner}/{repo}/contents/{path}'],
  ['PATCH', '/repos/acme/shop/git/refs/heads/a/b', 'PATCH /repos/{owner}/{repo}/git/refs/{ref}'],
  ['DELETE', '/repos/acme/shop/labels', undefined],
  ['GET', '/repos/acme/shop/labels/a/b', undefined],
] as const)
  test(`${method} ${pathname} is ${route ?? 'none'}`, () => assert.equal(routeOf(method, pathname), route));

test('what the fake answers is described', () => {
  const known = new Set<string>(fakeRoutes);
  assert.deepEqual(
    answeredRoutes.filter((route) => !known.has(route)),
    [],
  );
});
