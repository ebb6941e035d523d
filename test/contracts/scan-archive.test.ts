import { openScanArchive } from '../../src/adapters/scan-archive/open-scan-archive.ts';
import { withFolder } from '../adapters/store/with-folder.ts';
import { scanArchiveContract } from './scan-archive.contract.ts';

scanArchiveContract({
  name: 'folder',
  withArchive: (use) => withFolder((folder) => use(openScanArchive(`${folder}/scans`))),
});
