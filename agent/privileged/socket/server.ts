// The unix socket: the only way in. Who may open it is the kernel's business (root and one group, mode 0660); what may
// be asked is bounded in size and number, so that a broken agent cannot make root use the machine up.
import { chmod, chown } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { MortarError } from '../../../shared/lib/errors.ts';
import type { PrivilegedResponse } from '../../../shared/protocol/privileged.ts';
import type { Log } from '../../../shared/runtime/log.ts';
import { type Answers, answerRequest, parseRequest } from './answer-request.ts';
import { createLineReader } from './read-lines.ts';

/** An order of 1,000 bricks is about 150 KiB, and its text is escaped once more on its way. */
const maxLineBytes = 512 * 1024;
/** One agent has one connection; two while it restarts; the rest is for a person with a debugger. */
const maxConnections = 4;
/**
 * Looks and orders have places of their own, so that looks that hang keep no order out. Four looks of two agents while one
 * restarts; twice the orders that may wait, which are told so by name. More is a caller that does not wait for answers.
 */
const maxInFlight = { look: 8, order: 16 };
/** What may wait to be read by a slow caller: a few of the largest answers. */
const maxUnreadBytes = 16 * 1024 * 1024;

export interface SocketEdges {
  path: string;
  /** The group that may connect; the owner stays who runs this. */
  groupId: number;
  log: Log;
  answers: Answers;
}

/** Listens on the socket until the returned function is called. Throws MortarError('conflict') when the path is taken. */
export async function serveSocket(edges: SocketEdges): Promise<() => Promise<void>> {
  const connections = new Set<Socket>();
  const inFlight = { look: 0, order: 0 };

  function accept(socket: Socket): void {
    if (connections.size >= maxConnections) {
      refuse(socket, 'too-large', `there are ${maxConnections} connections already`);
      return;
    }
    connections.add(socket);
    const lines = createLineReader(maxLineBytes);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', (error) => edges.log.warn({ error }, 'a connection to the socket broke'));
    socket.on('data', (chunk: Buffer) => {
      const read = lines.push(chunk);
      for (const line of read ?? []) {
        if (socket.writableEnded) return;
        handle(socket, line);
      }
      if (read === null) refuse(socket, 'too-large', `a line is longer than ${maxLineBytes} bytes`);
    });
  }

  function handle(socket: Socket, line: string): void {
    const request = parseRequest(line);
    if (!request) {
      edges.log.warn({ bytes: line.length }, 'closed a connection that sent what is not a request');
      refuse(socket, 'bad-message', 'not a request');
      return;
    }
    const { id, kind } = request;
    if (inFlight[kind] >= maxInFlight[kind]) {
      const message = `${maxInFlight[kind]} ${kind}s are being answered already`;
      send(socket, { id, kind: 'error', code: 'too-large', message });
      return;
    }
    inFlight[kind] += 1;
    void answerRequest(request, edges.answers).then((response) => {
      inFlight[kind] -= 1;
      if (response.kind === 'error') {
        edges.log.warn({ code: response.code, request: kind }, response.message);
      }
      send(socket, response);
    });
  }

  const server = createServer(accept);
  await listen(server, edges.path);
  // Between listen and here only the owner can connect: the umask leaves nobody else the right to write.
  await chown(edges.path, process.getuid?.() ?? 0, edges.groupId);
  await chmod(edges.path, 0o660);
  server.on('error', (error) => edges.log.error({ error }, 'the socket failed'));

  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of connections) socket.destroy();
    await closed;
  };
}

function send(socket: Socket, response: PrivilegedResponse): void {
  if (socket.destroyed || socket.writableEnded) return;
  if (socket.writableLength > maxUnreadBytes) {
    socket.destroy();
    return;
  }
  socket.write(`${JSON.stringify(response)}\n`);
}

/** Says why and hangs up. There is no id to answer to, so it is 0. */
function refuse(socket: Socket, code: string, message: string): void {
  // What came in before the hang-up may call for it again.
  if (socket.writableEnded) return;
  const response: PrivilegedResponse = { id: 0, kind: 'error', code, message };
  socket.on('error', () => socket.destroy());
  socket.end(`${JSON.stringify(response)}\n`, () => socket.destroy());
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new MortarError('conflict', `cannot listen on ${path}`, { cause: error })),
    );
    server.listen(path, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
