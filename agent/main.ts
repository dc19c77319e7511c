#!/usr/bin/env node
// mortar-agent, the unprivileged process of a server: makes the real edges and hands them over. Usage: main.ts [--config FILE]
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { agentConfigPath } from '../shared/protocol/agent-config.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { runDaemon } from '../shared/runtime/lifecycle.ts';
import { createLogger } from '../shared/runtime/logger.ts';
import { connectNatsBus } from '../shared/runtime/nats-bus.ts';
import { createAgent } from './agent.ts';
import { readAgentConfig } from './config.ts';
import { systemFiles } from './observe/files.ts';
import { systemResolver } from './observe/names.ts';
import { createPrivilegedClient } from './privileged-client.ts';

const { values: args } = parseArgs({ options: { config: { type: 'string', default: agentConfigPath } } });
const name = 'mortar-agent';

void runDaemon({
  name,
  log: createLogger({ name, level: 'info' }),
  async start(stack, systemd) {
    const config = await readAgentConfig(args.config);
    const log = createLogger({ name, level: config.logLevel });

    const bus = await connectNatsBus({ servers: config.natsServers, name: `${name} ${config.name}`, log });
    stack.defer('the bus', () => bus.close());
    const privileged = createPrivilegedClient(config.socket, systemClock);
    stack.defer('the privileged client', () => privileged.close());

    const agent = createAgent({
      config,
      log,
      bus,
      privileged,
      clock: systemClock,
      files: systemFiles,
      resolver: systemResolver,
      random: Math.random,
      run: randomUUID(),
      tell: systemd.notifyStatus,
    });
    stack.defer('the agent', () => agent.stop());
    await agent.start();
  },
});
