#!/usr/bin/env node
// The coordinator's process: makes the real edges and hands them over. Usage: main.ts [--config FILE]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { runDaemon } from '../shared/runtime/lifecycle.ts';
import { createLogger } from '../shared/runtime/logger.ts';
import { connectNatsBus } from '../shared/runtime/nats-bus.ts';
import { buildApi } from './api/build-api.ts';
import { CoordinatorConfig } from './config.ts';
import { createCoordinator } from './coordinator.ts';
import { startNatsServer } from './link/nats-server.ts';
import { openStore } from './store/open-store.ts';

const { values: args } = parseArgs({
  options: { config: { type: 'string', default: '/etc/mortar/coordinator.toml' } },
});
const name = 'mortar-coordinator';

await runDaemon({
  name,
  log: createLogger({ name, level: 'info' }),
  async start(stack, systemd) {
    const config = await readConfigFile(args.config, CoordinatorConfig, { name });
    const log = createLogger({ name, level: config.log_level });
    const store = openStore({ directory: config.state_directory, log });
    stack.defer('the store', () => store.close());

    const url = config.nats.url ?? (await ownNats());
    const bus = await connectNatsBus({ servers: [url], name, log });
    stack.defer('the bus', () => bus.close());

    const coordinator = createCoordinator({ bus, clock: systemClock, log, store, onFailure: endProcess });
    await coordinator.start(stack);

    const api = buildApi({ coordination: coordinator.coordination, log });
    stack.defer('the API', () => api.close());
    await api.listen({ host: config.http.host, port: config.http.port });
    systemd.notifyStatus(`answers on http://${config.http.host}:${config.http.port}`);

    /** Nothing was saved by halves: the next process reads what was saved and goes on from there. */
    function endProcess(error: unknown): never {
      log.fatal({ error }, 'an activation failed');
      process.exit(1);
    }

    async function ownNats(): Promise<string> {
      const server = await startNatsServer({
        binary: config.nats.binary ?? 'nats-server',
        stateDirectory: join(config.state_directory, 'nats'),
        host: config.nats.host,
        port: config.nats.port,
        log,
      });
      stack.defer('nats-server', () => server.stop());
      return server.url;
    }
  },
});
