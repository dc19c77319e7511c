// The kernel's table of TCP sockets (proc(5), /proc/net/tcp). Addresses are 32-bit words in the machine's byte order,
// which is little-endian on all that Debian's GlusterFS runs on here.
import { SocketAddress } from 'node:net';

export interface ListeningSocket {
  protocol: 'tcp' | 'tcp6';
  address: string;
  port: number;
  inode: number;
}

/** TCP_LISTEN of the kernel's tcp_states.h. */
const listening = '0A';

/** The listening sockets in the text of /proc/net/tcp or tcp6. Lines that are not understood are left out. */
export function parseListeningSockets(text: string, protocol: 'tcp' | 'tcp6'): ListeningSocket[] {
  const sockets: ListeningSocket[] = [];
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [hexAddress, hexPort] = (fields[1] ?? '').split(':');
    const inode = Number(fields[9]);
    if (fields[3] !== listening || !hexAddress || !hexPort || !Number.isSafeInteger(inode)) continue;
    const port = Number.parseInt(hexPort, 16);
    const address = protocol === 'tcp' ? addressOf4(hexAddress) : addressOf6(hexAddress);
    if (address && port > 0) sockets.push({ protocol, address, port, inode });
  }
  return sockets;
}

function addressOf4(hex: string): string | null {
  const bytes = Buffer.from(hex, 'hex');
  return bytes.length === 4 ? [...bytes].reverse().join('.') : null;
}

function addressOf6(hex: string): string | null {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length !== 16) return null;
  bytes.swap32();
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(bytes.readUInt16BE(at).toString(16));
  // SocketAddress writes it the short way, as everything else that prints addresses does.
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}
