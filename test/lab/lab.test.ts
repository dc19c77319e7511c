// The lab itself, on both distributions: what other tests take for granted about its servers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeLab } from './describe-lab.ts';
import { withFileLock } from './file-lock.ts';
import { imagePath } from './image.ts';
import { createLab } from './lab.ts';
import { distributions, type LabRecord, labsLock, readRecord } from './lab-record.ts';
import { tracesOf } from './traces.ts';

const megabyte = 1024 ** 2;
const failedUnits = 'systemctl list-units --failed --plain --no-legend';

for (const distribution of distributions) {
  describeLab(`a lab of ${distribution}`, () => {
    const name = `test-${distribution}`;
    const lab = createLab({
      ...{ name, distribution, servers: 3, disks: 2, diskSizeBytes: 512 * megabyte },
      binds: [{ host: import.meta.dirname, server: '/srv/lab', readOnly: true }],
    });
    beforeAll(() => lab.start());
    afterAll(() => lab.stop());

    test('boots complete servers, with no failed unit, of the right Debian', async () => {
      for (const server of lab.servers) {
        expect(await server.sh(failedUnits)).toBe('');
        expect(await server.sh('. /etc/os-release; echo $VERSION_CODENAME')).toBe(`${distribution}\n`);
        expect(await server.sh('hostname; cat /proc/1/comm')).toBe(`${server.name}\nsystemd\n`);
      }
    });

    test('runs nothing that was not asked for, and has the user of Mortar', async () => {
      const units = ['glusterd', 'nats-server', 'prometheus-node-exporter'];
      const { stdout } = await lab.server(1).run(['systemctl', 'is-active', ...units]);
      expect(stdout).toBe('inactive\n'.repeat(3));
      expect(await lab.server(1).sh('id --user --name mortar; id --group --name mortar')).toBe(
        'mortar\nmortar\n',
      );
    });

    test('gives each server an identity of its own', async () => {
      const ids = await Promise.all(lab.servers.map((server) => server.readFile('/etc/machine-id')));
      expect(new Set(ids).size).toBe(3);
      expect(ids.every((id) => /^[0-9a-f]{32}\n$/.test(id))).toBe(true);
    });

    test('lets every server resolve every canonical name to the address of that server', async () => {
      for (const server of lab.servers) {
        for (const other of lab.servers) {
          const found = await server.sh(`getent hosts ${other.name}`);
          expect(found.trim().split(/\s+/)).toEqual([other.address, other.name]);
        }
      }
    });

    test('gives the code, the output and the errors of a command, and feeds it its input', async () => {
      const script = 'read line; echo "got $line"; echo bad >&2; exit 7';
      const result = await lab.server(1).run(['sh', '-c', script], { input: 'this\n' });
      expect(result).toEqual({ code: 7, stdout: 'got this\n', stderr: 'bad\n' });
    });

    test('refuses a script that fails, with what it said', async () => {
      await expect(lab.server(1).sh('echo no such luck >&2; exit 1')).rejects.toThrow(/no such luck/);
    });

    test('kills a command that takes too long, in the server too', async () => {
      const slow = lab.server(1).run(['sleep', '4321'], { timeoutMs: 300 });
      await expect(slow).rejects.toMatchObject({ code: 'command-timed-out' });
      expect((await lab.server(1).run(['pgrep', '--exact', 'sleep'])).code).toBe(1);
    });

    test('does not wait for a daemon that a command leaves behind', async () => {
      const { code, stdout } = await lab
        .server(1)
        .run(['sh', '-c', 'sleep 60 & echo started'], { timeoutMs: 20_000 });
      expect([code, stdout]).toEqual([0, 'started\n']);
    });

    test('writes and reads files, with their modes', async () => {
      await lab.server(2).writeFile('/etc/some/where', 'a\nb', 0o640);
      expect(await lab.server(2).readFile('/etc/some/where')).toBe('a\nb');
      expect(await lab.server(2).sh('stat --format %a /etc/some/where')).toBe('640\n');
      expect((await lab.server(1).run(['test', '-e', '/etc/some/where'])).code).toBe(1);
    });

    test('shows a directory of this machine, and keeps it read-only', async () => {
      expect(await lab.server(3).readFile('/srv/lab/lab.test.ts')).toContain(
        'shows a directory of this machine',
      );
      expect((await lab.server(3).run(['touch', '/srv/lab/x'])).code).not.toBe(0);
    });

    test('keeps the unit of one server apart from the same unit of another', async () => {
      const unit = '[Service]\nExecStart=/bin/sleep infinity\n';
      for (const server of lab.servers) {
        await server.writeFile('/etc/systemd/system/same.service', unit);
        await server.sh('systemctl daemon-reload; systemctl start same');
      }
      await lab.server(1).sh('systemctl stop same');
      expect((await lab.server(1).run(['systemctl', 'is-active', 'same'])).stdout).toBe('inactive\n');
      for (const server of [lab.server(2), lab.server(3)]) {
        expect(await server.sh('systemctl is-active same; pgrep --count --exact sleep')).toBe('active\n1\n');
      }
    });

    test('cuts and heals the network of one server, and of no other', async () => {
      const pings = (from: number, to: string) =>
        lab
          .server(from)
          .run(['ping', '-c', '1', '-W', '1', to])
          .then(({ code }) => code === 0);
      expect(await pings(2, 'gluster1')).toBe(true);
      expect(await pings(1, lab.hostAddress)).toBe(true);
      lab.server(1).cutNetwork();
      expect(await pings(2, 'gluster1')).toBe(false);
      expect(await pings(1, lab.hostAddress)).toBe(false);
      expect(await pings(2, 'gluster3')).toBe(true);
      lab.server(1).healNetwork();
      expect(await pings(2, 'gluster1')).toBe(true);
    });

    test('forms one pool in which every server is known by its canonical name', async () => {
      await lab.startGluster();
      await lab.formPool();
      for (const server of lab.servers) {
        const status = await server.sh('gluster peer status');
        const others = lab.servers.filter((other) => other !== server).map((other) => other.name);
        expect([...status.matchAll(/^Hostname: (.*)$/gm)].map(([, name]) => name).sort()).toEqual(others);
        expect(status.match(/Peer in Cluster \(Connected\)/g)).toHaveLength(2);
      }
    });

    describe('a disk', () => {
      beforeAll(() => lab.server(1).formatDisk(1, '/bricks/one'));

      test('is formatted as Gluster wants it and mounted', async () => {
        const mounted = await lab.server(1).sh('findmnt --noheadings --output SOURCE,FSTYPE /bricks/one');
        expect(mounted.trim().split(/\s+/)).toEqual(['/dev/vdb', 'xfs']);
        expect(await lab.server(1).sh('xfs_info /bricks/one')).toContain('isize=512');
        expect((await lab.server(1).run(['blkid', '--probe', '/dev/vdc'])).code).toBe(2);
      });

      test('is filled until so much is free, and emptied again', async () => {
        const free = async () =>
          Number((await lab.server(1).sh('df --output=avail -B1 /bricks/one | tail -n 1')).trim());
        const before = await free();
        await lab.server(1).fillFilesystem('/bricks/one', 20 * megabyte);
        expect(Math.abs((await free()) - 20 * megabyte)).toBeLessThan(megabyte);
        await lab.server(1).freeFilesystem('/bricks/one');
        expect(Math.abs((await free()) - before)).toBeLessThan(megabyte);
      });

      test('keeps over a power cut what was synced, and loses what was not', async () => {
        const server = lab.server(1);
        await server.sh('cd /bricks/one; echo kept >synced; sync synced .; echo lost >unsynced');
        await server.powerCut();
        expect(server.isRunning()).toBe(false);
        await expect(server.run(['true'])).rejects.toMatchObject({ code: 'conflict' });
        await server.boot();
        expect(await server.sh(failedUnits)).toBe('');
        expect(await server.sh('cd /bricks/one; cat synced; cat unsynced 2>/dev/null || true')).toBe(
          'kept\n',
        );
        expect(await server.sh('findmnt --noheadings --output SOURCE /bricks/one')).toBe('/dev/vdb\n');
      });

      test('comes back with its server to the pool after the power cut', async () => {
        await expect
          .poll(() => lab.server(2).sh('gluster peer status'), { timeout: 60_000 })
          .not.toContain('Disconnected');
      });

      test('shows its partitions, and a partition can be mounted by its UUID', async () => {
        const script = `
          parted --script /dev/vdc mklabel gpt mkpart brick xfs 1MiB 100%
          until [ -b /dev/vdc1 ]; do sleep 0.02; done
          mkfs.ext4 -q -U 6a2d3a63-0e5a-4d0e-a5f5-0a1c51a9a7c4 /dev/vdc1
          mount UUID=6a2d3a63-0e5a-4d0e-a5f5-0a1c51a9a7c4 /mnt
          findmnt --noheadings --output SOURCE /mnt
          umount /mnt`;
        expect(await lab.server(2).sh(script, { timeoutMs: 20_000 })).toBe('/dev/vdc1\n');
      });
    });

    test('refuses a second lab of its name, and a second boot of a server', async () => {
      await expect(createLab({ name, distribution }).start()).rejects.toMatchObject({ code: 'conflict' });
      await expect(lab.server(1).boot()).rejects.toMatchObject({ code: 'conflict' });
    });

    test('leaves nothing on the machine when it stops, and its image as it was', async () => {
      const record = readRecord(name) as LabRecord;
      const kinds = (traces: readonly string[]) =>
        new Set(traces.map((trace) => trace.split(' /')[0]?.split(' ')[0]));
      expect(kinds(tracesOf(record))).toEqual(new Set(['process', 'loop', 'link', 'directory']));
      // Under the lock no other lab can start, and take over this one's network number between the two lines.
      const left = await withFileLock(labsLock(), async () => {
        await lab.stop();
        return tracesOf(record);
      });
      expect(left).toEqual([]);
      expect(record.image).toBe(imagePath(distribution));
    });
  });
}
