// A report in which every observer saw something, for tests of what may travel on the bus.
import type { AbsolutePath, PeerUuid, ServerName } from '../../shared/model/names.ts';
import type { Report } from '../../shared/model/report.ts';
import type { Section } from '../../shared/model/section.ts';
import { makeVolume } from './make-volume.ts';

const seenAt = 1_700_000_000_000;
const seen = <T>(value: T): Section<T> => ({ kind: 'seen', seenAt, value });

/** A report of server g1 with a replica-3 volume. */
export function makeReport(): Report {
  const volume = makeVolume({ kind: 'replicate', replica: 3, bricks: 3 });
  const mountPoint = '/bricks/b1' as AbsolutePath;
  return {
    server: 'g1' as ServerName,
    run: 'run-00000001',
    sequence: 7,
    sentAt: seenAt,
    agentVersion: '0.1.0',
    epoch: 3,
    sections: {
      filesystems: seen([
        {
          mountPoint,
          device: '/dev/vdb',
          deviceNumber: '7:1',
          type: 'xfs',
          options: ['rw', 'noatime'],
          isReadOnly: false,
          isRoot: false,
          sizeBytes: 1_000_000,
          freeBytes: 400_000,
          inodes: 1000,
          inodesFree: 900,
        },
      ]),
      slots: seen([{ path: mountPoint, mountPoint, tags: ['ssd'], problem: null, entries: ['vol1'] }]),
      gluster: seen({
        uuid: '00000000-0000-4000-8000-000000000001' as PeerUuid,
        version: '10.3',
        opVersion: 100000,
        peers: [],
        volumes: [volume],
      }),
      bricks: {
        kind: 'failed',
        failedAt: seenAt,
        code: 'privileged-unavailable',
        message: 'the socket is not there',
        lastSeenAt: null,
      },
      ports: seen([{ protocol: 'tcp', address: '0.0.0.0', port: 24007, pid: 1, process: 'glusterd' }]),
      names: seen([{ name: 'g1', addresses: ['10.0.0.1'], error: null, isLocal: true, isLoopback: false }]),
    },
  };
}
