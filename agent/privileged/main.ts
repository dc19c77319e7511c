#!/usr/bin/env node
// mortar-privileged, the only code that runs as root: makes the real edges and hands them over. Usage: main.ts [--config FILE]
import { parseArgs } from 'node:util';
import { agentConfigPath } from '../../shared/protocol/agent-config.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { runDaemon } from '../../shared/runtime/lifecycle.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { runCommand } from '../../shared/runtime/run-command.ts';
import { readPrivilegedConfig } from './config.ts';
import { createPrivileged, releaseLimitMs } from './privileged.ts';

const { values: args } = parseArgs({ options: { config: { type: 'string', default: agentConfigPath } } });
const name = 'mortar-privileged';
// Brick directories are 0755, and nobody but their owner may write to anything that is made here.
process.umask(0o022);

void runDaemon({
  name,
  log: createLogger({ name, level: 'info' }),
  releaseLimitMs,
  async start(stack) {
    const config = await readPrivilegedConfig(args.config);
    const privileged = createPrivileged({
      config,
      log: createLogger({ name, level: config.logLevel }),
      clock: systemClock,
      runCommand,
      glusterCommand: 'gluster',
      socketGroup: 'mortar',
      storeDirectory: '/var/lib/glusterd',
      runDirectory: '/run/gluster',
      procDirectory: '/proc',
    });
    await privileged.start(stack);
  },
});
