// Who hears what on the bus.
import { expect, test } from 'vitest';
import type { ServerName } from '../../../shared/model/names.ts';
import { everyServer, subjects } from '../../../shared/protocol/subjects.ts';
import { createMemoryBus } from '../../support/memory-bus.ts';

const servers = ['g1', 'g1.example.com', '10.0.0.1', 'g1-example-com'] as ServerName[];

test('every server has subjects of its own, and who listens to every server hears each', async () => {
  const bus = createMemoryBus().connect();
  for (const kind of ['beat', 'report', 'outcome'] as const) {
    const heard = new Set<string>();
    const unsubscribe = bus.subscribe(everyServer[kind], (message) => heard.add(message.subject));
    for (const server of servers) bus.publish(subjects[kind](server), new Uint8Array());
    await bus.flush();
    expect(heard).toEqual(new Set(servers.map((server) => subjects[kind](server))));
    expect(heard.size).toBe(servers.length);
    unsubscribe();
  }
});

test('an order is heard by its own server only, and by nobody that listens to every server', async () => {
  const bus = createMemoryBus().connect();
  const heard: string[] = [];
  for (const server of servers) bus.subscribe(subjects.order(server), () => heard.push(server));
  for (const pattern of Object.values(everyServer)) bus.subscribe(pattern, () => heard.push(pattern));
  bus.publish(subjects.order('g1.example.com' as ServerName), new Uint8Array());
  await bus.flush();
  expect(heard).toEqual(['g1.example.com']);
});
