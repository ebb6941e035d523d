import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeRefused, refusedName } from '../../../src/adapters/http/public-address.ts';

for (const [address, range] of [
  ['8.8.8.8', undefined],
  ['2606:4700::1111', undefined],
  ['::ffff:8.8.8.8', undefined],
  ['64:ff9b::808:808', undefined],
  ['127.0.0.1', 'loopback'],
  ['127.9.9.9', 'loopback'],
  ['::1', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['::', 'unspecified'],
  ['10.1.2.3', 'private'],
  ['172.31.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'carrierGradeNat'],
  ['100.100.100.200', 'carrierGradeNat'],
  ['169.254.169.254', 'linkLocal'],
  ['168.63.129.16', 'metadata'],
  ['192.0.0.192', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['fe80::1', 'linkLocal'],
  ['fe80::1%eth0', 'linkLocal'],
  ['fd00:ec2::254', 'uniqueLocal'],
  ['::ffff:169.254.169.254', 'linkLocal'],
  ['::ffff:7f00:1', 'loopback'],
  ['64:ff9b::a9fe:a9fe', 'linkLocal'],
  ['64:ff9b:1::808:808', 'rfc6052'],
  ['::ffff:0:127.0.0.1', 'rfc6145'],
  ['2002:7f00:1::', '6to4'],
  ['2001:db8::1', 'reserved'],
  // IPv4 in IPv6 as it was written before the mapped form, and what nobody was given.
  ['::7f00:1', 'unassigned'],
  ['::a9fe:a9fe', 'unassigned'],
  ['64:ff9b:0:0:0:1::', 'unassigned'],
  ['4000::1', 'unassigned'],
  ['fec0::1', 'deprecatedSiteLocal'],
  ['no address', 'unknown'],
] as const)
  test(`${address} is ${range ?? 'public'}`, () => assert.equal(rangeRefused(address), range));

// As the standard URL spells what people write.
for (const written of [
  'localhost',
  'localhost.',
  'a.LOCALHOST',
  '127.1',
  '0x7f000001',
  '2130706433',
  '[::1]',
  '[::ffff:10.0.0.1]',
  '[::127.0.0.1]',
  '[::ffff:0:169.254.169.254]',
  '0251.0376.0251.0376',
  '2852039166',
  '169.254.169.254.',
  '１２７.0.0.1',
  'ⓛocalhost',
])
  test(`the host ${written} is refused by its name`, () => {
    assert.notEqual(refusedName(new URL(`http://${written}/`).hostname), undefined);
  });

for (const written of ['ghcr.io', 'localhost.example.com', '8.8.8.8', '[2606:4700::1111]'])
  test(`the host ${written} is looked up`, () => {
    assert.equal(refusedName(new URL(`http://${written}/`).hostname), undefined);
  });
