#!/usr/bin/env node
// Only this file may be loaded by an old Node: everything else is imported behind the check.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(`basekeeper needs Node.js 24 or newer; this is ${process.versions.node}\n`);
  process.exitCode = 2;
} else {
  const { enableCompileCache } = await import('node:module');
  const { setFlagsFromString } = await import('node:v8');
  // Most of what a run makes is gone with the file it was made for: a nursery that does not grow saves a third of the memory.
  setFlagsFromString('--semi-space-growth-factor=1');
  enableCompileCache();
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(process.argv.slice(2));
}

export {};
