// Whether glusterd's store has changed, told by the times of its directories: they are open to everybody, while the files in
// them are root's. glusterd replaces a file at each change, on every server, and so touches the directory. A look at glusterd
// itself costs fifty times as much.
import type { Files } from './files.ts';

export interface GlusterDirectories {
  store: string;
  /** Where each started brick leaves the number of its process. */
  run: string;
}

const debianDirectories: GlusterDirectories = { store: '/var/lib/glusterd', run: '/run/gluster/vols' };
/** As many volumes as a report may hold. */
const maxVolumes = 1000;

/**
 * Reads a text that differs whenever peers, volumes or brick processes have changed; empty where there is no glusterd. The
 * names of the volumes are remembered while their directory has not changed.
 */
export function createStoreReader(files: Files, { store, run } = debianDirectories): () => Promise<string> {
  const volumesDirectory = `${store}/vols`;
  let volumes: string[] = [];
  let listedAt: number | null = null;

  return async () => {
    const directory = await files.stat(volumesDirectory);
    if (directory === null) return '';
    if (directory.modifiedAt !== listedAt) {
      volumes = await files.list(volumesDirectory, maxVolumes);
      listedAt = directory.modifiedAt;
    }
    const paths = [`${store}/peers`, run];
    for (const volume of volumes) paths.push(`${volumesDirectory}/${volume}`, `${run}/${volume}`);
    const times = await Promise.all(
      paths.map(async (path) => (await files.stat(path))?.modifiedAt ?? 'none'),
    );
    return `${directory.modifiedAt} ${times.join(' ')}`;
  };
}
