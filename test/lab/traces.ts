// Everything on the machine that belongs to one lab, as sentences: what a test expects to be there, and then to be gone.
import { existsSync, readFileSync } from 'node:fs';
import { cgroupsOf } from './cgroups.ts';
import { loopDevicesUnder } from './disks.ts';
import { type LabRecord, labDirectory, oneTo } from './lab-record.ts';
import { bridgeName, linkName, machineName } from './network.ts';
import { findHelpers, findNspawns } from './running-servers.ts';

/** What there is of a lab with this record: processes, mounts, loop devices, links, cgroups, directories. */
export function tracesOf(record: LabRecord): string[] {
  const directory = labDirectory(record.name);
  const servers = oneTo(record.servers);
  const links = [bridgeName(record.subnet), ...servers.map((index) => linkName(record.subnet, index))];
  const machines = servers.map((index) => machineName(record.subnet, index));
  const paths = [
    directory,
    ...machines.flatMap(cgroupsOf),
    ...machines.map((machine) => `/run/systemd/nspawn/propagate/${machine}`),
  ];
  return [
    ...findNspawns(directory).map(({ pid }) => `process ${pid}`),
    ...findHelpers(directory).map(({ pid }) => `helper process ${pid}`),
    ...mountsUnder(directory).map((path) => `mount ${path}`),
    ...loopDevicesUnder(directory).map(({ device }) => `loop device ${device}`),
    ...links.filter((link) => existsSync(`/sys/class/net/${link}`)).map((link) => `link ${link}`),
    ...paths.filter(existsSync).map((path) => `directory ${path}`),
  ];
}

function mountsUnder(directory: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(directory));
}
