// Asks whoever listens on a port for the name of its NATS server, which it says unasked in its first line.
import { connect } from 'node:net';

/** On the loopback the line comes within a ms; a program that is no NATS server may say nothing for ever. */
const answerLimitMs = 1_000;
/** The INFO line has some 500 bytes. */
const maxLineBytes = 65_536;

/** The name of the NATS server at `host` and `port`, or null when none answers there. */
export function readServerName(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port });
    let text = '';
    socket.setTimeout(answerLimitMs, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n') || text.length > maxLineBytes) socket.destroy();
    });
    // Nobody there, and not yet there, are one and the same here.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(nameIn(text)));
  });
}

function nameIn(text: string): string | null {
  const info = /^INFO (\{.*\})\s*\r?\n/.exec(text)?.[1];
  if (info === undefined) return null;
  try {
    const { server_name: name } = JSON.parse(info);
    return typeof name === 'string' ? name : null;
  } catch {
    return null;
  }
}
