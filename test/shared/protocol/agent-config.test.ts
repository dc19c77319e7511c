// The configuration of a server: what may be left out, and what the person is told who mistyped it.
import { expect, test } from 'vitest';
import { AgentConfigFile, resolveAgentConfig } from '../../../shared/protocol/agent-config.ts';
import { parseConfig } from '../../../shared/runtime/config-file.ts';

const read = (text: string) =>
  resolveAgentConfig(parseConfig('agent.toml', text, AgentConfigFile), 'Gluster1');
const nats = '[nats]\nservers = ["nats://bus:4222"]\n';

test('everything but the bus may be left out, and the host name in lower case is the server’s name', () => {
  expect(read(nats)).toEqual({
    name: 'gluster1',
    zone: null,
    natsServers: ['nats://bus:4222'],
    slots: [],
    coordinatorPublicKey: '/etc/mortar/coordinator.pub',
    stateDirectory: '/var/lib/mortar',
    socket: '/run/mortar/privileged.sock',
    logLevel: 'info',
  });
});

test('a slot is its own mount point and has no tags, unless it says otherwise', () => {
  const slots = `${nats}[[slots]]\npath = "/bricks/b1"\n[[slots]]\npath = "/bricks/b2/mortar"\nmount = "/bricks/b2"\ntags = ["ssd"]\n`;
  expect(read(slots).slots).toEqual([
    { path: '/bricks/b1', mountPoint: '/bricks/b1', tags: [] },
    { path: '/bricks/b2/mortar', mountPoint: '/bricks/b2', tags: ['ssd'] },
  ]);
});

test('what is configured is taken', () => {
  const text = `name = "a.example"\nzone = "dc1/rack2"\ncoordinator_public_key = "/k"\nstate_directory = "/s"\nsocket = "/p"\nlog_level = "debug"\n${nats}`;
  expect(read(text)).toMatchObject({
    ...{
      name: 'a.example',
      zone: 'dc1/rack2',
      coordinatorPublicKey: '/k',
      stateDirectory: '/s',
      socket: '/p',
      logLevel: 'debug',
    },
  });
});

test.each([
  ['an unknown key', `slot = 1\n${nats}`, /line 1: .*slot/],
  ['an unknown key of a slot', `${nats}[[slots]]\npath = "/b"\nmuont = "/b"\n`, /line 5: .*muont/],
  ['a relative path', `socket = "run/x"\n${nats}`, /line 1: socket must be an absolute path/],
  ['a path that climbs', `socket = "/run/../x"\n${nats}`, /line 1: socket must be an absolute path/],
  ['a name in capitals', `name = "Gluster1"\n${nats}`, /line 1: name must be a host name in lower case/],
  ['a zone that begins with a slash', `zone = "/dc1"\n${nats}`, /line 1: zone must be names/],
  ['an unknown level', `log_level = "loud"\n${nats}`, /line 1: log_level/],
  ['no bus', 'name = "a"\n', /nats/],
  ['a bus without servers', '[nats]\nservers = []\n', /nats\.servers/],
])('%s is told with its line', (_, text, message) => {
  expect(() => read(text)).toThrow(message);
});
