// What comes off the bus: good messages reach their handlers, anything else is dropped with its reason.
import { expect, test } from 'vitest';
import { receiveFromServers } from '../../../coordinator/link/receive.ts';
import type { ServerName } from '../../../shared/model/names.ts';
import type { Beat } from '../../../shared/model/report.ts';
import { encodeMessage } from '../../../shared/protocol/messages.ts';
import { subjects } from '../../../shared/protocol/subjects.ts';
import { createMemoryBus } from '../../support/memory-bus.ts';
import { sampleBeat } from '../../support/sample-report.ts';

const server = 'gluster1' as ServerName;
const text = (value: string) => new TextEncoder().encode(value);

function setUp() {
  const bus = createMemoryBus();
  const beats: Beat[] = [];
  const dropped: [string, string][] = [];
  const end = receiveFromServers(bus.connect(), (sender, problem) => dropped.push([sender, problem]), {
    beat: (beat) => beats.push(beat),
    report: () => {},
    outcome: () => {},
  });
  return { agent: bus.connect(), beats, dropped, end };
}

test('a good beat reaches its handler', async () => {
  const { agent, beats, dropped } = setUp();
  agent.publish(subjects.beat(server), encodeMessage('beat', sampleBeat(server)));
  await agent.flush();
  expect(beats).toEqual([sampleBeat(server)]);
  expect(dropped).toEqual([]);
});

const bad: [string, Uint8Array, RegExp][] = [
  ['garbage', text('\u0000\u0001nonsense'), /not JSON/],
  ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00), /not JSON/],
  ['JSON that is no envelope', text('[1,2,3]'), /envelope/],
  ['another protocol', text('{"protocol":99,"kind":"beat","body":{}}'), /protocol 99/],
  ['a body that does not fit', text('{"protocol":1,"kind":"beat","body":{"server":"gluster1"}}'), /beat/],
  ['another server’s beat', encodeMessage('beat', sampleBeat('gluster2')), /speaks for gluster2/],
];

test.each(bad)(
  '%s is dropped with what was wrong, and the next good beat still arrives',
  async (_, data, problem) => {
    const { agent, beats, dropped } = setUp();
    agent.publish(subjects.beat(server), data);
    agent.publish(subjects.beat(server), encodeMessage('beat', sampleBeat(server)));
    await agent.flush();
    expect(dropped).toEqual([[subjects.beat(server), expect.stringMatching(problem)]]);
    expect(beats).toHaveLength(1);
  },
);

test('nothing arrives after the end', async () => {
  const { agent, beats, end } = setUp();
  end();
  agent.publish(subjects.beat(server), encodeMessage('beat', sampleBeat(server)));
  await agent.flush();
  expect(beats).toEqual([]);
});
