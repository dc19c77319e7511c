// The process itself, with a real nats-server: what a person sees who starts it with a good or a bad configuration.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Beat, Report } from '../../shared/model/report.ts';
import { decodeMessage } from '../../shared/protocol/messages.ts';
import { everyServer } from '../../shared/protocol/subjects.ts';
import { connectNatsBus } from '../../shared/runtime/nats-bus.ts';
import { recordLog } from '../support/log-recorder.ts';
import { type NatsServerProcess, natsServerProcess } from '../support/nats-server-process.ts';
import { runScript, type ScriptProcess } from '../support/run-script.ts';

let directory: string;
let nats: NatsServerProcess;
let agent: ScriptProcess;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mortar-agent-'));
  nats = await natsServerProcess();
});
afterEach(async () => {
  agent.child.kill('SIGKILL');
  await agent.ended;
  await nats.kill();
  rmSync(directory, { recursive: true });
});

function startAgent(config: string): void {
  const path = join(directory, 'agent.toml');
  writeFileSync(path, config);
  agent = runScript(
    `process.argv.push('--config', ${JSON.stringify(path)}); await import('./agent/main.ts');`,
  );
}

const good = () =>
  `name = "gluster1"\nsocket = "${directory}/none.sock"\nslots = [{ path = "/" }, { path = "${directory}" }]\n[nats]\nservers = ["${nats.url}"]\n`;

test('with an unknown key it names file, key and line, and does not start', async () => {
  startAgent(`${good()}[slot]\npath = "/bricks/b1"\n`);
  const { code, output } = await agent.ended;
  expect(code).toBe(78);
  expect(output).toMatch(/agent\.toml: line 6: .*slot/);
  expect(output).not.toContain('mortar-agent is up');
});

test('without its configuration it says so, and does not start', async () => {
  agent = runScript(
    `process.argv.push('--config', '${directory}/none.toml'); await import('./agent/main.ts');`,
  );
  const { code, output } = await agent.ended;
  expect(code).toBe(78);
  expect(output).toContain('none.toml');
});

test('without bus and privileged process it goes on, and when the bus comes it reports and beats', async () => {
  startAgent(good());
  await agent.says('the bus is away');
  await nats.start();
  const bus = await connectNatsBus({ servers: [nats.url], name: 'test', log: recordLog().log });
  const report = Promise.withResolvers<Report>();
  const beat = Promise.withResolvers<Beat>();
  bus.subscribe(everyServer.report, ({ data }) => {
    const decoded = decodeMessage('report', data);
    if (decoded.ok) report.resolve(decoded.body);
    else report.reject(new Error(decoded.problem));
  });
  bus.subscribe(everyServer.beat, ({ data }) => {
    const decoded = decodeMessage('beat', data);
    if (decoded.ok) beat.resolve(decoded.body);
    else beat.reject(new Error(decoded.problem));
  });

  expect(await report.promise).toMatchObject({
    server: 'gluster1',
    epoch: null,
    sections: {
      filesystems: { kind: 'seen' },
      slots: {
        kind: 'seen',
        value: [
          { path: '/', problem: { code: 'on-root-filesystem' }, entries: null },
          { path: directory, problem: { code: 'unmounted' }, entries: null },
        ],
      },
      gluster: { kind: 'failed', code: 'privileged-unavailable', lastSeenAt: null },
      names: { kind: 'seen' },
    },
  });
  expect(await beat.promise).toMatchObject({ server: 'gluster1', bricks: [] });
  await agent.says('mortar-agent is up');

  await bus.close();
  agent.child.kill('SIGTERM');
  expect((await agent.ended).code).toBe(0);
});
