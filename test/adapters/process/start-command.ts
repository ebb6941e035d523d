import { createCommands } from '../../../src/adapters/process/create-commands.ts';
import { findUnshare } from '../../../src/adapters/process/find-unshare.ts';

/** A process of its own that was given a token, and runs a command: prints what that said. */
const [, , command = '', folder = ''] = process.argv;
const unshare = await findUnshare((process.env['PATH'] ?? '').split(':'));
const environment = { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: folder };
const settings = unshare === undefined ? { environment } : { environment, unshare };
console.log((await createCommands(settings).run(command, folder, 30_000)).output);
