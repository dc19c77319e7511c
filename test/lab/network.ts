// A lab's network: one bridge, on which this machine is .254 and server i is .i. nspawn makes the servers' links and the
// kernel removes them with the servers. No route leads out of it: a server cannot reach anything but the lab.
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { MortarError } from '../../shared/lib/errors.ts';
import { mustRunSync, runCommandSync } from './run-command.ts';
import { waitUntilSync } from './wait.ts';

/** 10.77.1 to 10.77.250: one byte, without the values that look special. More labs than this do not fit on a machine. */
const subnets = Array.from({ length: 250 }, (_, index) => index + 1);

/** The lowest subnet number that no lab has and none of the machine's own addresses lies in; throws `conflict` when none is left. */
export function allocateSubnet(taken: readonly number[], machineAddresses: readonly string[]): number {
  const free = subnets.find(
    (subnet) =>
      !taken.includes(subnet) && !machineAddresses.some((address) => address.startsWith(`10.77.${subnet}.`)),
  );
  if (free === undefined) throw new MortarError('conflict', 'all 250 networks of labs are taken');
  return free;
}

/** The IPv4 addresses of this machine. */
export function machineAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map((a) => a.address));
}

export function hostAddress(subnet: number): string {
  return `10.77.${subnet}.254`;
}

export function serverAddress(subnet: number, index: number): string {
  return `10.77.${subnet}.${index}`;
}

/** An interface name has 15 characters at most; nspawn calls the machine's end of a link `vb-` and the server's machine name. */
export function bridgeName(subnet: number): string {
  return `mortar-lab${subnet}`;
}

export function machineName(subnet: number, index: number): string {
  return `lab${subnet}-${index}`;
}

/** The name of the machine's end of the cable of a server. */
export function linkName(subnet: number, index: number): string {
  return `vb-${machineName(subnet, index)}`;
}

export function createBridge(subnet: number): void {
  const bridge = bridgeName(subnet);
  mustRunSync(['ip', 'link', 'add', bridge, 'type', 'bridge']);
  mustRunSync(['ip', 'address', 'add', `${hostAddress(subnet)}/24`, 'dev', bridge]);
  mustRunSync(['ip', 'link', 'set', bridge, 'up']);
}

/** Removes the bridge if it is there. */
export function removeBridge(subnet: number): void {
  if (existsSync(`/sys/class/net/${bridgeName(subnet)}`))
    mustRunSync(['ip', 'link', 'delete', bridgeName(subnet)]);
}

/** Removes a dead server's cable. The kernel does so too, but only some time after the server's last process ended. */
export function removeLink(subnet: number, index: number): void {
  const link = linkName(subnet, index);
  const isGone = () => !existsSync(`/sys/class/net/${link}`);
  // It fails when the kernel was faster.
  if (!isGone()) runCommandSync(['ip', 'link', 'delete', link]);
  if (!waitUntilSync(isGone, 5_000)) throw new MortarError('conflict', `${link} cannot be removed`);
}

/** Pulls out (`down`) or plugs in (`up`) the cable of a running server. */
export function setLink(subnet: number, index: number, state: 'up' | 'down'): void {
  mustRunSync(['ip', 'link', 'set', linkName(subnet, index), state]);
}
